package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.managed.DriftState;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import cx.niro.core.snapshot.ManagedMark;
import cx.niro.server.Clusters.ClusterChange;
import cx.niro.server.Commands.CommandRequest;
import cx.niro.server.Deployments;
import cx.niro.server.Deployments.Spec;
import cx.niro.server.manifest.ManifestFile;
import cx.niro.server.manifest.ManifestSet;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.TimelineEntry;
import cx.niro.server.testkit.CrashingStores;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the server does by itself when an agent says that something may have been changed. */
class DriftTest {
  private static final String WEB = "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}";
  private static final String OBJECT =
      "\"object\":{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"namespace\":\"shop\",\"name\":\"web\"}";

  private final CrashingStores stores = new CrashingStores(MemoryStores.create());
  private final FleetFixture fleet = new FleetFixture(stores);
  private final Member edge = fleet.member("edge");
  private FakeAgent agent = edge.agent();
  private int edits;

  @BeforeEach
  void applied() {
    agent.granted("apply").beat();
    put();
    ends("apply", CommandState.SUCCEEDED, applyReport("succeeded", "created"));
  }

  private Deployments deployments() {
    return fleet.server.deployments();
  }

  private void put() {
    put("web");
  }

  private void put(String name) {
    ManifestSet set = ManifestSet.parse(List.of(new ManifestFile("web.yaml", WEB)), "shop");
    deployments()
        .put(edge.id(), new Spec(name, "shop", set, List.of()), ApplyOptions.CAREFUL, "ada");
  }

  private static String applyReport(String status, String action) {
    String objects = "[{" + OBJECT + ",\"action\":\"" + action + "\"}]";
    return "{\"revision\":1,\"status\":\"" + status + "\",\"objects\":" + objects + "}";
  }

  private void ends(String kind, CommandState state, String output) {
    CommandOffer offer = agent.poll(0, 4).join().commands().get(0);
    assertThat(offer.kind()).isEqualTo(kind);
    agent.result(offer.id(), 1, state, new RawJson(output));
    fleet.time.runDue();
  }

  /** Somebody writes to the cluster. */
  private void edit() {
    agent.keeps("web", 1, "mark-" + ++edits).beat();
    fleet.time.runDue();
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      fleet.pass(Duration.ofSeconds(1));
    }
  }

  /** The agent is asked within two seconds, and answers. */
  private void looks(DriftState found) {
    pass(2);
    String state = found == DriftState.DRIFTED ? "modified" : found.wireName();
    String changes =
        found == DriftState.DRIFTED
            ? "[{\"path\":\"/data/color\",\"wanted\":\"1\",\"live\":\"2\",\"manager\":\"kubectl-edit\"}]"
            : "[]";
    ends(
        "diff",
        CommandState.SUCCEEDED,
        "{\"revision\":1,\"state\":\"%s\",\"objects\":[{%s,\"state\":\"%s\",\"changes\":%s}],\"ceded\":[]}"
            .formatted(
                found.wireName(),
                OBJECT,
                found == DriftState.UNKNOWN ? "unverified" : state,
                changes));
  }

  private boolean isAsked() {
    return !fleet.server.commands().list(edge.id(), "diff", Page.Request.FIRST).items().stream()
        .allMatch(row -> row.state().isFinal());
  }

  private int asked() {
    return fleet.server.commands().list(edge.id(), "diff", Page.Request.FIRST).items().size();
  }

  private DriftState drift() {
    return row().drift().state();
  }

  private DeploymentRow row() {
    return deployments().find(edge.id(), "web").orElseThrow().deployment();
  }

  private List<String> driftLines() {
    return fleet
        .server
        .fleet()
        .timeline(edge.id(), Set.of("drift"), Page.Request.FIRST)
        .items()
        .stream()
        .map(TimelineEntry::summary)
        .toList();
  }

  /** In sync, looked at, and nothing to do. */
  private void settled() {
    edit();
    pass(14);
    looks(DriftState.IN_SYNC);
    pass(15);
  }

  private void drifted() {
    edit();
    looks(DriftState.DRIFTED);
    pass(14);
    looks(DriftState.DRIFTED);
  }

  @Test
  void the_first_mark_after_an_apply_is_looked_at_once_and_an_idle_deployment_never_again() {
    settled();
    assertThat(drift()).isEqualTo(DriftState.IN_SYNC);
    assertThat(asked()).isEqualTo(1);
    fleet.beatFor(Duration.ofHours(3), agent);
    assertThat(asked()).isEqualTo(1);
    assertThat(driftLines()).isEmpty();
  }

  @Test
  void drift_opens_an_incident_after_two_looks_15_seconds_apart_and_a_good_apply_resolves_it() {
    settled();
    edit();
    looks(DriftState.DRIFTED);
    assertThat(drift()).isEqualTo(DriftState.DRIFTED);
    assertThat(fleet.open(edge.id())).isEmpty();
    pass(12);
    assertThat(isAsked()).as("less than 15 s later").isFalse();
    pass(2);
    looks(DriftState.DRIFTED);
    IncidentRow open = fleet.open(edge.id()).get(0);
    assertThat(open.what().type()).isEqualTo(IncidentType.DRIFT_DETECTED);
    assertThat(open.what().scope().value()).isEqualTo("managed/web");
    assertThat(open.telling().severity()).isEqualTo(Severity.MEDIUM);
    assertThat(open.telling().summary())
        .isEqualTo("Managed deployment web has drifted: 1 object is not as applied");
    assertThat(open.telling().evidence().get("objects"))
        .containsExactly("ConfigMap shop/web /data/color by kubectl-edit");

    deployments().apply(edge.id(), "web", ApplyOptions.CAREFUL, "ada");
    ends("apply", CommandState.SUCCEEDED, applyReport("succeeded", "configured"));

    assertThat(fleet.open(edge.id())).isEmpty();
    assertThat(drift()).isEqualTo(DriftState.IN_SYNC);
    assertThat(driftLines())
        .containsExactly("Deployment web is in sync", "Deployment web has drifted");
  }

  @Test
  void drift_that_somebody_takes_back_by_hand_clears() {
    settled();
    drifted();
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.DRIFT_DETECTED);
    pass(15);
    edit();
    looks(DriftState.IN_SYNC);
    assertThat(fleet.open(edge.id())).isEmpty();
    assertThat(driftLines()).hasSize(2);
  }

  @Test
  void what_is_gone_at_the_second_look_opens_nothing() {
    settled();
    edit();
    looks(DriftState.DRIFTED);
    pass(14);
    looks(DriftState.IN_SYNC);
    pass(60);
    assertThat(fleet.kinds(edge.id())).doesNotContain("incident_opened");
  }

  @Test
  void production_pages_louder_and_dev_whispers() {
    settled();
    ClusterChange change = new ClusterChange(null, Environment.PRODUCTION, null, null, null);
    fleet.server.clusters().update(edge.id(), change, "ada");
    drifted();
    assertThat(fleet.open(edge.id()).get(0).telling().severity()).isEqualTo(Severity.HIGH);
  }

  @Test
  void while_an_apply_is_under_way_or_has_failed_nothing_opens() {
    settled();
    edit();
    looks(DriftState.DRIFTED);
    put();
    pass(60);
    assertThat(isAsked()).as("an apply is under way").isFalse();
    ends("apply", CommandState.FAILED, applyReport("failed", "failed"));
    agent.beat();
    pass(14);
    looks(DriftState.DRIFTED);
    pass(14);
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.DEPLOYMENT_FAILED);
    assertThat(drift()).isEqualTo(DriftState.DRIFTED);
  }

  @Test
  void marks_that_keep_changing_make_no_stream_of_commands() {
    settled();
    int before = asked();
    for (int second = 0; second < 3600; second += 10) {
      edit();
      pass(10);
      if (isAsked()) {
        looks(DriftState.IN_SYNC);
      }
    }
    assertThat(asked() - before).isBetween(12, 20);
    assertThat(driftLines()).isEmpty();
  }

  @Test
  void at_most_one_look_is_under_way_for_a_deployment() {
    settled();
    for (int i = 0; i < 20; i++) {
      edit();
      pass(15);
    }
    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void a_comparison_that_a_user_asked_for_is_waited_for_and_counts_as_a_look() {
    settled();
    deployments().diff(edge.id(), "web", "ada");
    edit();
    pass(30);
    assertThat(asked()).isEqualTo(2);
    looks(DriftState.DRIFTED);
    pass(14);
    looks(DriftState.DRIFTED);
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.DRIFT_DETECTED);
  }

  @Test
  void a_look_that_fails_is_tried_again_and_changes_nothing() {
    settled();
    edit();
    pass(2);
    ends("diff", CommandState.FAILED, "{}");
    assertThat(drift()).isEqualTo(DriftState.IN_SYNC);
    pass(15);
    looks(DriftState.DRIFTED);
    assertThat(drift()).isEqualTo(DriftState.DRIFTED);
  }

  @Test
  void without_the_grant_drift_is_unknown_and_an_open_incident_stays() {
    settled();
    drifted();
    agent.granted().beat();
    pass(2);
    assertThat(drift()).isEqualTo(DriftState.UNKNOWN);
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.DRIFT_DETECTED);
    assertThat(isAsked()).isFalse();

    agent.granted("apply");
    edit();
    pass(15);
    looks(DriftState.IN_SYNC);
    assertThat(fleet.open(edge.id())).isEmpty();
  }

  @Test
  void nobody_is_asked_who_is_not_there_and_an_agent_that_comes_back_is() {
    settled();
    edit();
    looks(DriftState.DRIFTED);
    pass(300);
    int before = asked();
    pass(1200);
    assertThat(asked()).as("while the agent is silent").isEqualTo(before);
    agent.restart().beat();
    pass(2);
    assertThat(isAsked()).isTrue();
  }

  @Test
  void a_restart_of_the_server_looks_at_what_changed_and_at_nothing_else() {
    settled();
    fleet.pass(Duration.ofSeconds(1));
    fleet.crashAndRestart(Duration.ofSeconds(10));
    agent = fleet.agentAfterRestart(agent);
    agent.beat();
    pass(60);
    assertThat(asked()).as("nothing has changed").isEqualTo(1);
    agent.beat();
    edit();
    looks(DriftState.DRIFTED);
    fleet.crashAndRestart(Duration.ofSeconds(10));
    agent = fleet.agentAfterRestart(agent);
    agent.beat();
    pass(4);
    looks(DriftState.DRIFTED);
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.DRIFT_DETECTED);
  }

  @Test
  void what_a_look_said_is_kept_with_the_deployment_and_not_twice() {
    settled();
    CommandRow look =
        fleet.server.commands().list(edge.id(), "diff", Page.Request.FIRST).items().get(0);
    assertThat(look.request().createdBy()).isEqualTo("niro-drift");
    assertThat(look.output()).isNull();
    assertThat(row().drift().report()).isNotNull();
  }

  private CommandRow send(Duration deadline) {
    CommandRequest ping = new CommandRequest("ping", RawJson.EMPTY, deadline, null, null);
    return fleet.server.commands().send(edge.id(), ping, "ada");
  }

  @Test
  void looks_that_cannot_be_sent_count_as_failed_and_are_tried_ever_less_often() {
    settled();
    int room = 100;
    for (int i = 0; i < room; i++) {
      send(Duration.ofHours(1));
    }
    edit();
    fleet.beatFor(Duration.ofMinutes(50), agent);
    assertThat(asked()).isEqualTo(1);
    assertThat(row().look().fruitless()).as("each try counts").isBetween(8, 10);
    fleet.beatFor(Duration.ofMinutes(60), agent);
    assertThat(asked()).as("once there is room").isEqualTo(2);
  }

  @Test
  void of_many_that_are_due_two_are_asked_about_and_the_others_cost_nothing() {
    List<ManagedMark> marks = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      put("web" + i);
      ends("apply", CommandState.SUCCEEDED, applyReport("succeeded", "created"));
      marks.add(new ManagedMark("web" + i, 1, "mark"));
    }
    pass(15);
    agent.keeps(marks).beat();
    int before = stores.calls("CommandStore.open");
    pass(2);
    assertThat(asked()).isEqualTo(2);
    assertThat(stores.calls("CommandStore.open") - before)
        .as("once for all, and by each that is sent")
        .isLessThanOrEqualTo(3);
  }

  @Test
  void what_is_to_be_forgotten_is_tried_again_when_somebody_was_faster() {
    settled();
    stores.answer("DeploymentStore.update", () -> false);
    agent.granted().beat();
    pass(2);
    assertThat(drift()).isEqualTo(DriftState.IN_SYNC);
    stores.heal();
    pass(7);
    assertThat(drift()).isEqualTo(DriftState.UNKNOWN);
  }

  @Test
  void commands_expire_while_deployments_cannot_be_read() {
    stores.answer(
        "DeploymentStore.list",
        () -> {
          throw new UnsupportedOperationException("unreadable");
        });
    CommandRow ping = send(Duration.ofSeconds(30));
    edit();
    fleet.beatFor(Duration.ofMinutes(1), agent);
    assertThat(fleet.server.commands().find(edge.id(), ping.id()).orElseThrow().state())
        .isEqualTo(CommandState.EXPIRED);
    stores.heal();
    fleet.beatFor(Duration.ofMinutes(1), agent);
    assertThat(isAsked()).isTrue();
  }
}
