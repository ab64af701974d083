package cx.niro.server.scenario;

import static cx.niro.server.scenario.LivenessTest.assertCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.ErrorCode;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.managed.ApplyRequest;
import cx.niro.core.managed.DriftState;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.PollReply;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.Deployments;
import cx.niro.server.Deployments.Sent;
import cx.niro.server.Deployments.Spec;
import cx.niro.server.manifest.Manifest;
import cx.niro.server.manifest.ManifestFile;
import cx.niro.server.manifest.ManifestSet;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.ApplyRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Status;
import cx.niro.server.testkit.FakeAgent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeploymentTest {
  private static final String WEB =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data: {color: blue}
      """;
  private static final String SECRET =
      """
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: web}
      stringData: {password: hunter2}
      """;
  private static final NiroCodec CODEC = NiroCodec.create();

  private final FleetFixture fleet = new FleetFixture();
  private final Deployments deployments = fleet.server.deployments();
  private final Member edge = fleet.member("edge");
  private final FakeAgent agent = edge.agent();

  @BeforeEach
  void grant() {
    agent.granted("apply").beat();
  }

  private static Spec spec(String... texts) {
    List<ManifestFile> files =
        List.of(texts).stream().map(text -> new ManifestFile("web.yaml", text)).toList();
    return new Spec("web", "shop", ManifestSet.parse(files, "shop"), List.of());
  }

  private Sent put(String... texts) {
    return deployments.put(edge.id(), spec(texts), ApplyOptions.CAREFUL, "ada");
  }

  private CommandOffer taken() {
    PollReply reply = agent.poll(0, 4).join();
    assertThat(reply.commands()).hasSize(1);
    return reply.commands().get(0);
  }

  private void ends(CommandOffer offer, CommandState state, String output) {
    agent.result(offer.id(), 1, state, new RawJson(output));
    fleet.time.runDue();
  }

  private void succeeds(CommandOffer offer) {
    long revision =
        payload(offer, Map.class).get("revision") instanceof Number n ? n.longValue() : 0;
    ends(
        offer,
        CommandState.SUCCEEDED,
        "{\"revision\":" + revision + ",\"status\":\"succeeded\",\"objects\":[" + ok() + "]}");
  }

  private static String ok() {
    return "{\"object\":{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"namespace\":\"shop\",\"name\":\"web\"},"
        + "\"action\":\"created\"}";
  }

  private static String bad() {
    return "{\"object\":{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"namespace\":\"shop\",\"name\":\"x\"},"
        + "\"action\":\"failed\",\"message\":\"no such quota\"}";
  }

  private void failsInPart(CommandOffer offer) {
    ends(
        offer,
        CommandState.FAILED,
        "{\"revision\":1,\"status\":\"partial\",\"objects\":[" + ok() + "," + bad() + "]}");
  }

  private static <T> T payload(CommandOffer offer, Class<T> type) {
    return CODEC.decode(type, offer.payload().text().getBytes(StandardCharsets.UTF_8));
  }

  private DeploymentRow row() {
    return deployments.find(edge.id(), "web").orElseThrow().deployment();
  }

  @Test
  void an_apply_is_pending_until_its_agent_said_how_it_went() {
    Sent sent = put(WEB);
    assertThat(sent.deployment().applied().status()).isEqualTo(Status.PENDING);
    CommandOffer offer = taken();
    ApplyRequest request = payload(offer, ApplyRequest.class);
    assertThat(request.name()).isEqualTo("web");
    assertThat(request.namespace()).isEqualTo("shop");
    assertThat(request.revision()).isEqualTo(1);
    assertThat(request.objects()).hasSize(1);
    assertThat(request.objects().get(0).source().line()).isEqualTo(1);

    succeeds(offer);

    assertThat(row().applied().status()).isEqualTo(Status.SUCCEEDED);
    assertThat(row().applied().lastSyncAt()).isEqualTo(fleet.time.instant());
    assertThat(row().drift().state()).isEqualTo(DriftState.IN_SYNC);
    ApplyRow apply = deployments.history(edge.id(), "web").get(0);
    assertThat(apply.status()).isEqualTo(Status.SUCCEEDED);
    assertThat(apply.requestedBy()).isEqualTo("ada");
    assertThat(apply.report()).isNotNull();
    assertThat(fleet.kinds(edge.id())).startsWith("apply_finished", "apply_sent");
    assertThat(fleet.open(edge.id())).isEmpty();
  }

  @Test
  void sending_wakes_the_parked_poll() {
    var poll = agent.poll();
    put(WEB);
    fleet.time.runDue();
    assertThat(poll.join().commands()).hasSize(1);
  }

  @Test
  void a_failure_in_part_opens_an_incident_that_the_next_good_apply_resolves() {
    put(WEB);
    failsInPart(taken());
    assertThat(row().applied().status()).isEqualTo(Status.PARTIAL);
    assertThat(row().applied().reason())
        .isEqualTo("1 of 2 objects failed: Pod shop/x: no such quota");
    assertThat(row().applied().lastSyncAt()).isNull();
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.DEPLOYMENT_FAILED);
    assertThat(fleet.open(edge.id()).get(0).what().scope().value()).isEqualTo("managed/web");
    assertThat(fleet.heard).contains("healthy→warning");
    agent.beat();
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.DEPLOYMENT_FAILED);

    deployments.apply(edge.id(), "web", ApplyOptions.CAREFUL, "bob");
    succeeds(taken());

    assertThat(fleet.open(edge.id())).isEmpty();
    assertThat(fleet.heard).contains("warning→healthy");
    assertThat(deployments.history(edge.id(), "web"))
        .extracting(ApplyRow::status)
        .containsExactly(Status.SUCCEEDED, Status.PARTIAL);
  }

  @Test
  void what_no_agent_takes_ends_as_failed_with_the_reason() {
    put(WEB);
    fleet.beatFor(Duration.ofMinutes(61), agent);
    assertThat(row().applied().status()).isEqualTo(Status.FAILED);
    assertThat(row().applied().reason()).isEqualTo("expired: no agent took it before its deadline");
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.DEPLOYMENT_FAILED);
  }

  @Test
  void a_cancelled_apply_ends_as_failed_with_the_reason() {
    Sent sent = put(WEB);
    fleet.server.commands().cancel(edge.id(), sent.command().id(), "bob");
    assertThat(row().applied().status()).isEqualTo(Status.FAILED);
    assertThat(row().applied().reason()).isEqualTo("cancelled: cancelled by bob");
  }

  @Test
  void a_report_that_says_something_else_than_its_command_is_no_success() {
    String good = "{\"revision\":1,\"status\":\"succeeded\",\"objects\":[]}";
    for (String[] said :
        new String[][] {
          {"succeeded", "{}", "nothing that can be read"},
          {"succeeded", good.replace(":1", ":7"), "the agent reported revision 7 instead"},
          {"failed", good, "the agent reported failed"},
          {"succeeded", good.replace("succeeded", "partial"), "the agent reported succeeded"}
        }) {
      put(WEB);
      CommandState state = CommandState.valueOf(said[0].toUpperCase(Locale.ROOT));
      ends(taken(), state, said[1]);
      assertThat(row().applied().status()).as(said[1]).isNotIn(Status.SUCCEEDED, Status.PENDING);
      assertThat(row().applied().reason()).contains(said[2]);
    }
  }

  @Test
  void the_revision_rises_only_when_an_object_changed() {
    put(WEB);
    assertThat(put("# moved\n" + WEB).deployment().wanted().revision()).isEqualTo(1);
    assertThat(put(WEB.replace("blue", "red")).deployment().wanted().revision()).isEqualTo(2);
    assertThat(row().applied().attempt()).isEqualTo(3);
  }

  @Test
  void a_newer_apply_takes_the_place_of_one_that_nobody_has_taken_and_it_fails_nothing() {
    put(WEB);
    put(WEB.replace("blue", "red"));
    CommandOffer offer = taken();
    assertThat(payload(offer, ApplyRequest.class).revision()).isEqualTo(2);
    ApplyRow first = deployments.history(edge.id(), "web").get(1);
    assertThat(first.status()).isEqualTo(Status.FAILED);
    assertThat(first.reason()).isEqualTo("cancelled: something newer took its place");
    assertThat(row().applied().status()).isEqualTo(Status.PENDING);
    assertThat(fleet.open(edge.id())).isEmpty();
  }

  @Test
  void an_older_apply_that_ends_after_a_newer_was_sent_decides_nothing() {
    put(WEB);
    CommandOffer first = taken();
    put(WEB.replace("blue", "red"));
    failsInPart(first);
    assertThat(row().applied().status()).isEqualTo(Status.PENDING);
    assertThat(fleet.open(edge.id())).isEmpty();
    succeeds(taken());
    assertThat(row().applied().status()).isEqualTo(Status.SUCCEEDED);
  }

  @Test
  void a_rollback_is_a_new_revision_with_the_old_manifests() {
    put(WEB);
    succeeds(taken());
    put(WEB.replace("blue", "red"));
    succeeds(taken());
    deployments.rollback(edge.id(), "web", 1, ApplyOptions.CAREFUL, "ada");
    ApplyRequest request = payload(taken(), ApplyRequest.class);
    assertThat(request.revision()).isEqualTo(3);
    assertThat(request.objects().get(0).object().text()).contains("blue");
    assertCode(
        () -> deployments.rollback(edge.id(), "web", 9, ApplyOptions.CAREFUL, "ada"),
        ErrorCode.INVALID_FIELD);
  }

  private Map<?, ?> secret() {
    return deployments.find(edge.id(), "web").orElseThrow().manifests().manifests().stream()
        .map(Manifest::object)
        .filter(object -> "Secret".equals(object.get("kind")))
        .map(object -> (Map<?, ?>) object.get("stringData"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void values_of_secrets_are_read_as_hashes_that_stand_for_them_when_given_back() {
    put(WEB, SECRET);
    String hash = String.valueOf(secret().get("password"));
    assertThat(hash).startsWith("niro-hash:").doesNotContain("hunter2");

    Sent again = put(WEB, SECRET.replace("hunter2", "'" + hash + "'"));
    assertThat(again.deployment().wanted().revision()).isEqualTo(1);
    put(WEB.replace("blue", "red"), SECRET.replace("hunter2", "'" + hash + "'"));
    assertThat(taken().payload().text()).contains("hunter2").doesNotContain("niro-hash");
  }

  @Test
  void a_hash_of_no_value_is_refused() {
    assertThatThrownBy(() -> put(SECRET.replace("hunter2", "'niro-hash:0123'")))
        .hasMessageContaining("web.yaml, document 1, line 2: Secret web: stringData.password is a");
  }

  @Test
  void a_value_of_a_secret_that_is_no_text_is_refused() {
    assertThatThrownBy(() -> put(SECRET.replace("hunter2", "0123")))
        .hasMessageContaining("values of stringData must be texts")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("123").doesNotContain("83"));
  }

  @Test
  void a_deployment_goes_when_its_agent_removed_it() {
    put(WEB);
    failsInPart(taken());
    deployments.delete(edge.id(), "web", false, "ada");
    assertThat(row().wanted().deleted()).isTrue();
    assertCode(() -> put(WEB), ErrorCode.NAME_TAKEN);
    CommandOffer offer = taken();
    assertThat(offer.kind()).isEqualTo("delete");
    succeeds(offer);
    assertThat(deployments.find(edge.id(), "web")).isEmpty();
    assertThat(fleet.open(edge.id())).isEmpty();
    assertThat(put(WEB).deployment().wanted().revision()).isEqualTo(1);
  }

  @Test
  void a_deletion_that_failed_leaves_the_deployment_and_can_be_tried_again() {
    put(WEB);
    succeeds(taken());
    deployments.delete(edge.id(), "web", true, "ada");
    CommandOffer offer = taken();
    assertThat(offer.payload().text()).contains("\"removeData\":true");
    failsInPart(offer);
    assertThat(row().applied().status()).isEqualTo(Status.PARTIAL);
    assertThat(row().applied().reason()).startsWith("the deletion ended partial: 1 of 2 objects");
    assertThat(row().wanted().deleted()).isFalse();
    assertThat(fleet.open(edge.id())).isEmpty();
    deployments.delete(edge.id(), "web", false, "ada");
    succeeds(taken());
    assertThat(deployments.list(edge.id())).isEmpty();
  }

  @Test
  void a_forgotten_deployment_goes_at_once_and_so_do_those_of_a_deleted_cluster() {
    put(WEB);
    deployments.forget(edge.id(), "web", "ada");
    assertThat(deployments.list(edge.id())).isEmpty();
    assertThat(agent.poll(0, 4).join().commands()).isEmpty();

    put(WEB);
    fleet.server.clusters().delete(edge.id(), "ada");
    assertThat(deployments.list(edge.id())).isEmpty();
  }

  @Test
  void a_name_that_was_forgotten_goes_on_after_the_revision_that_the_cluster_holds() {
    put(WEB);
    succeeds(taken());
    deployments.forget(edge.id(), "web", "ada");
    fleet.beatFor(Duration.ofSeconds(15), agent);
    agent.keeps("web", 7).beat();
    assertThat(put(WEB).deployment().wanted().revision()).isEqualTo(8);
  }

  @Test
  void a_comparison_says_how_the_cluster_differs() {
    put(WEB);
    succeeds(taken());
    deployments.diff(edge.id(), "web", "ada");
    String report =
        "{\"revision\":1,\"state\":\"drifted\",\"objects\":[{\"object\":{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\","
            + "\"namespace\":\"shop\",\"name\":\"web\"},\"state\":\"missing\",\"changes\":[]}],\"ceded\":[]}";
    ends(taken(), CommandState.SUCCEEDED, report);
    assertThat(row().drift().state()).isEqualTo(DriftState.DRIFTED);
    assertThat(row().drift().report().text()).contains("missing");
    assertThat(row().applied().status()).isEqualTo(Status.SUCCEEDED);
    assertThat(fleet.kinds(edge.id())).startsWith("drift");

    deployments.diff(edge.id(), "web", "ada");
    ends(taken(), CommandState.SUCCEEDED, "{}");
    assertThat(row().drift().state()).isEqualTo(DriftState.UNKNOWN);

    deployments.apply(edge.id(), "web", ApplyOptions.CAREFUL, "ada");
    succeeds(taken());
    assertThat(row().drift().state()).isEqualTo(DriftState.IN_SYNC);
  }

  @Test
  void without_the_capability_nothing_is_stored_and_the_switch_is_named() {
    agent.granted("pods").beat();
    assertThatThrownBy(() -> put(WEB))
        .hasMessageContaining("run the installer in the cluster again with NIRO_ENABLE_APPLY=1");
    assertThat(deployments.list(edge.id())).isEmpty();
  }

  @Test
  void a_restart_of_the_server_loses_nothing() {
    put(WEB, SECRET);
    fleet.crashAndRestart(Duration.ofSeconds(5));
    FakeAgent later = fleet.agentAfterRestart(agent);
    later.beat();
    CommandOffer offer = later.poll(0, 4).join().commands().get(0);
    assertThat(offer.payload().text()).contains("hunter2");
    later.result(
        offer.id(),
        1,
        CommandState.FAILED,
        new RawJson("{\"revision\":1,\"status\":\"failed\",\"objects\":[" + bad() + "]}"));
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.DEPLOYMENT_FAILED);
    DeploymentRow row =
        fleet.server.deployments().find(edge.id(), "web").orElseThrow().deployment();
    assertThat(row.applied().status()).isEqualTo(Status.FAILED);
  }

  @Test
  void names_and_namespaces_are_dns_labels_and_the_namespace_stays() {
    for (String name : List.of("", "Web", "web_1", "-web", "x".repeat(64))) {
      Spec wrong = new Spec(name, "shop", spec(WEB).manifests(), List.of());
      assertCode(
          () -> deployments.put(edge.id(), wrong, ApplyOptions.CAREFUL, "ada"),
          ErrorCode.INVALID_FIELD);
    }
    put(WEB);
    Spec moved = new Spec("web", "other", spec(WEB).manifests(), List.of());
    assertCode(
        () -> deployments.put(edge.id(), moved, ApplyOptions.CAREFUL, "ada"),
        ErrorCode.INVALID_FIELD);
    assertCode(
        () -> deployments.create(edge.id(), spec(WEB), ApplyOptions.CAREFUL, "ada"),
        ErrorCode.NAME_TAKEN);
    assertCode(() -> deployments.diff(edge.id(), "nobody", "ada"), ErrorCode.NOT_FOUND);
  }
}
