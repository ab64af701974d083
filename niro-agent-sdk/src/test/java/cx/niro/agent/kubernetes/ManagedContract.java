package cx.niro.agent.kubernetes;

import static cx.niro.agent.kubernetes.Deploying.actions;
import static cx.niro.core.managed.ObjectAction.CONFIGURED;
import static cx.niro.core.managed.ObjectAction.CREATED;
import static cx.niro.core.managed.ObjectAction.FAILED;
import static cx.niro.core.managed.ObjectAction.KEPT;
import static cx.niro.core.managed.ObjectAction.PRUNED;
import static cx.niro.core.managed.ObjectAction.SKIPPED;
import static cx.niro.core.managed.ObjectAction.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.spi.CommandOutcome;
import cx.niro.core.managed.ApplyOptions;
import cx.niro.core.managed.ApplyReport;
import cx.niro.core.managed.ApplyStatus;
import cx.niro.core.managed.FieldConflict;
import cx.niro.core.managed.ObjectResult;
import cx.niro.core.protocol.CommandState;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What applying, pruning and deleting promise, on any API server. */
abstract class ManagedContract {
  private static final ApplyOptions ADOPT = new ApplyOptions(true, false, false, List.of());
  private static final ApplyOptions FORCE = new ApplyOptions(false, true, false, List.of());
  private static final ApplyOptions REMOVE = new ApplyOptions(false, false, true, List.of());

  TestCluster cluster;
  Deploying web;

  abstract TestCluster open() throws Exception;

  @BeforeEach
  void start() throws Exception {
    cluster = open();
    cluster.create("/api/v1/namespaces", "{'metadata':{'name':'%s'}}".formatted(home()));
    web = another("web");
  }

  @AfterEach
  void stop() {
    web.close();
    cluster.close();
  }

  private String home() {
    return cluster.namespace() + "-home";
  }

  /** As after a restart of the agent. */
  private Deploying another(String name) throws IOException {
    return new Deploying(cluster.client(), home(), name, cluster.namespace());
  }

  static String config(String name, String colour) {
    return "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'%s'},'data':{'colour':'%s'}}"
        .formatted(name, colour);
  }

  static String deployment(String name, String cpu) {
    return """
    {'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'%s'},'spec':{'replicas':2,
      'selector':{'matchLabels':{'app':'%s'}},'template':{'metadata':{'labels':{'app':'%s'}},
      'spec':{'containers':[{'name':'app','image':'example/app:1','resources':{'requests':{'cpu':'%s'}}}]}}}}
    """
        .formatted(name, name, name, cpu);
  }

  static String claim(String name) {
    return "{'apiVersion':'v1','kind':'PersistentVolumeClaim','metadata':{'name':'%s'},'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}}"
        .formatted(name);
  }

  String map(String name) {
    return cluster.in("/api/v1", "configmaps") + "/" + name;
  }

  boolean exists(String path) throws IOException {
    try {
      cluster.admin().send(ApiRequest.get(path));
      return true;
    } catch (ApiFailure e) {
      return false;
    }
  }

  void editAs(String manager, String path, String json) throws IOException {
    cluster
        .admin()
        .send(ApiRequest.mergePatch(path, TestCluster.parse(json)).with("fieldManager", manager));
  }

  private static String message(ApplyReport report, int index) {
    return String.valueOf(report.objects().get(index).message());
  }

  @Test
  void what_is_new_is_created_and_the_same_again_is_unchanged() throws Exception {
    ApplyReport first = web.apply(1, config("a", "blue"), deployment("web", "0.5"));
    assertThat(first.status()).isEqualTo(ApplyStatus.SUCCEEDED);
    assertThat(actions(first)).containsExactly(CREATED, CREATED);
    assertThat(first.objects().get(1).object())
        .hasToString("Deployment " + cluster.namespace() + "/web");
    assertThat(Objects.requireNonNull(first.objects().get(1).source()).document()).isEqualTo(2);
    assertThat(actions(web.apply(1, config("a", "blue"), deployment("web", "0.5"))))
        .containsExactly(UNCHANGED, UNCHANGED);
  }

  @Test
  void a_changed_object_is_configured_and_an_unwanted_one_pruned() throws Exception {
    web.apply(1, config("a", "blue"), config("b", "blue"), config("c", "blue"));
    ApplyReport second = web.apply(2, config("a", "green"), config("b", "blue"));
    assertThat(actions(second)).containsExactly(CONFIGURED, UNCHANGED, PRUNED);
    assertThat(second.objects().get(2).object().name()).isEqualTo("c");
    assertThat(exists(map("b"))).isTrue();
    assertThat(exists(map("c"))).isFalse();
  }

  @Test
  void an_object_that_took_a_pruned_ones_name_is_skipped() throws Exception {
    web.apply(1, config("a", "blue"), config("b", "blue"));
    cluster.delete(map("b"));
    cluster.create(cluster.in("/api/v1", "configmaps"), "{'metadata':{'name':'b'}}");
    ApplyReport report = web.apply(2, config("a", "blue"));
    assertThat(actions(report)).containsExactly(UNCHANGED, SKIPPED);
    assertThat(report.status()).isEqualTo(ApplyStatus.SUCCEEDED);
    assertThat(exists(map("b"))).isTrue();
  }

  @Test
  void one_invalid_object_stops_the_apply_before_any_change() throws Exception {
    String wrong = "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'UPPER'}}";
    CommandOutcome outcome =
        web.run(web.applying(1, ApplyOptions.CAREFUL, config("a", "blue"), wrong));
    ApplyReport report = Deploying.report(outcome);
    assertThat(actions(report)).containsExactly(SKIPPED, FAILED);
    assertThat(report.status()).isEqualTo(ApplyStatus.FAILED);
    assertThat(outcome.state()).isEqualTo(CommandState.FAILED);
    assertThat(outcome.reason()).contains("2 of 2 objects are not as wanted").contains("UPPER");
    assertThat(exists(map("a"))).isFalse();
  }

  @Test
  void unknown_kinds_unreadable_objects_and_twins_are_invalid() throws Exception {
    ApplyReport report =
        web.apply(
            1,
            config("a", "blue"),
            config("a", "green"),
            "{'apiVersion':'example.com/v1','kind':'Coffee','metadata':{'name':'x'}}",
            "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'generateName':'x-'}}",
            "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'../secrets/x'}}");
    assertThat(actions(report)).containsExactly(SKIPPED, FAILED, FAILED, FAILED, FAILED);
    assertThat(message(report, 1)).contains("is there twice");
    assertThat(message(report, 2)).contains("serves no Coffee of example.com/v1");
    assertThat(message(report, 3)).contains("generateName");
    assertThat(message(report, 4)).isEqualTo("metadata.name is no name: ../secrets/x");
  }

  @Test
  void kubectl_s_fields_are_taken_over_by_adopt() throws Exception {
    web.apply(1, config("a", "blue"));
    editAs("kubectl-edit", map("a"), "{'data':{'colour':'red'}}");
    ApplyReport careful = web.apply(2, config("a", "green"));
    assertThat(actions(careful)).containsExactly(FAILED);
    assertThat(message(careful, 0))
        .isEqualTo("fields are owned by kubectl-edit: .data.colour; adopt takes them over");
    assertThat(careful.conflicts()).extracting(FieldConflict::taken).containsExactly(false);
    ApplyReport adopted = web.apply(2, ADOPT, config("a", "green"));
    assertThat(actions(adopted)).containsExactly(CONFIGURED);
    FieldConflict taken = adopted.conflicts().get(0);
    assertThat(taken.manager()).isEqualTo("kubectl-edit");
    assertThat(taken.fields()).containsExactly(".data.colour");
    assertThat(taken.taken()).isTrue();
  }

  @Test
  void others_fields_are_taken_over_by_force_only() throws Exception {
    web.apply(1, config("a", "blue"));
    editAs("operator", map("a"), "{'data':{'colour':'red'}}");
    ApplyReport adopted = web.apply(2, ADOPT, config("a", "green"));
    assertThat(message(adopted, 0)).endsWith("forceConflicts takes them over");
    assertThat(actions(web.apply(2, FORCE, config("a", "green")))).containsExactly(CONFIGURED);
  }

  @Test
  void an_older_revision_is_refused_also_after_a_restart() throws Exception {
    web.apply(5, config("a", "blue"));
    try (Deploying restarted = another("web")) {
      CommandOutcome late = restarted.run(restarted.applying(4, ApplyOptions.CAREFUL));
      assertThat(late.state()).isEqualTo(CommandState.REJECTED);
      assertThat(late.reason()).isEqualTo("revision 4 is older than 5, which was here already");
      assertThat(restarted.run(restarted.deleting(4, false)).state())
          .isEqualTo(CommandState.REJECTED);
    }
    assertThat(exists(map("a"))).isTrue();
  }

  @Test
  void what_holds_data_or_asks_for_it_is_kept() throws Exception {
    String asks =
        "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'asks','annotations':{'niro.cx/prune':'disabled'}}}";
    web.apply(1, config("a", "blue"), claim("data"), asks);
    ApplyReport kept = web.apply(2, config("a", "blue"));
    assertThat(actions(kept)).containsExactly(UNCHANGED, KEPT, KEPT);
    assertThat(kept.status()).isEqualTo(ApplyStatus.SUCCEEDED);
    ApplyReport removed = web.apply(3, REMOVE, config("a", "blue"));
    assertThat(removed.objects())
        .extracting(result -> result.object().name() + " " + result.action())
        .containsExactlyInAnyOrder("a UNCHANGED", "data PRUNED", "asks KEPT");
  }

  @Test
  void deleting_removes_what_was_applied_and_can_be_repeated() throws Exception {
    cluster.create(cluster.in("/api/v1", "configmaps"), "{'metadata':{'name':'foreign'}}");
    web.apply(1, config("a", "blue"), deployment("web", "1"));
    ApplyReport report = web.delete(2, false);
    assertThat(actions(report)).containsExactly(PRUNED, PRUNED);
    assertThat(exists(map("a"))).isFalse();
    assertThat(exists(map("foreign"))).isTrue();
    ApplyReport again = web.delete(2, false);
    assertThat(again.status()).isEqualTo(ApplyStatus.SUCCEEDED);
    assertThat(again.objects()).isEmpty();
    assertThat(actions(web.apply(1, config("a", "blue")))).containsExactly(CREATED);
  }

  @Test
  void the_agent_keeps_its_own_ground() throws Exception {
    ApplyReport report =
        web.apply(
            1,
            "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'x','namespace':'%s'}}"
                .formatted(home()),
            "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'%s'}}".formatted(home()));
    assertThat(actions(report)).containsExactly(FAILED, FAILED);
    assertThat(report.objects())
        .extracting(ObjectResult::message)
        .containsOnly("the agent changes nothing in its own namespace " + home());
  }

  @Test
  void an_object_of_another_deployment_is_left_alone() throws Exception {
    web.apply(1, config("shared", "blue"));
    try (Deploying other = another("other")) {
      ApplyReport report = other.apply(1, config("shared", "green"));
      assertThat(actions(report)).containsExactly(FAILED);
      assertThat(message(report, 0)).isEqualTo("it belongs to the managed deployment web");
      web.delete(2, false);
      assertThat(actions(other.apply(2, config("shared", "green")))).containsExactly(CREATED);
    }
  }

  @Test
  void what_was_there_before_becomes_part_of_the_deployment() throws Exception {
    cluster.create(cluster.in("/api/v1", "configmaps"), config("a", "blue"));
    assertThat(actions(web.apply(1, config("a", "blue")))).containsExactly(CONFIGURED);
    assertThat(actions(web.apply(2))).containsExactly(PRUNED);
  }

  @Test
  void a_cancelled_apply_says_how_far_it_came_and_ends_the_same_when_repeated() throws Exception {
    String[] objects = {config("a", "blue"), config("b", "blue"), config("c", "blue")};
    for (int looks = 1; looks < 12; looks++) {
      CommandOutcome cut =
          web.run(web.applying(1, ApplyOptions.CAREFUL, objects).cancelledAfter(looks));
      if (cut.state() == CommandState.SUCCEEDED) {
        break;
      }
      assertThat(cut.state()).isEqualTo(CommandState.CANCELLED);
      assertThat(cut.reason()).contains("it was cancelled");
      checkTruth(Deploying.report(cut));
    }
    ApplyReport whole = web.apply(1, objects);
    assertThat(whole.status()).isEqualTo(ApplyStatus.SUCCEEDED);
    assertThat(actions(web.apply(2))).containsExactly(PRUNED, PRUNED, PRUNED);
  }

  private void checkTruth(ApplyReport report) throws IOException {
    for (ObjectResult result : report.objects()) {
      boolean claimed = result.action() == CREATED || result.action() == UNCHANGED;
      assertThat(claimed && !exists(map(result.object().name()))).as("%s", result).isFalse();
    }
  }

  @Test
  void after_its_deadline_nothing_is_begun() throws Exception {
    CommandOutcome late =
        web.run(web.applying(1, ApplyOptions.CAREFUL, config("a", "blue")).overdue());
    assertThat(late.state()).isEqualTo(CommandState.FAILED);
    assertThat(late.reason()).contains("its deadline passed");
    assertThat(exists(map("a"))).isFalse();
  }

  @Test
  void an_agent_killed_at_any_call_leaves_nothing_behind() throws Exception {
    int calls = 0;
    for (boolean crashed = true; crashed; calls++) {
      crashed = isCrashed(calls + 1, false);
      int revision = 4 * calls + 2;
      checkClean(revision, web.apply(revision, config("stays", "blue")));
      isCrashed(calls + 1, true);
      checkClean(revision + 2, web.apply(revision + 2, config("stays", "blue")));
    }
    assertThat(calls).isGreaterThan(8);
  }

  /** Applies an object that stays and one that goes, to the call at which the agent ends. */
  private boolean isCrashed(int call, boolean served) throws Exception {
    int revision = 4 * (call - 1) + (served ? 3 : 1);
    try (Deploying killed =
        new Deploying(
            Crash.at(call, served, cluster.client()), home(), "web", cluster.namespace())) {
      killed.apply(revision, config("stays", "red"), config("goes", "red"));
      return false;
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(Crash.class);
      return true;
    }
  }

  private void checkClean(int revision, ApplyReport report) throws Exception {
    assertThat(report.status()).as("%s", report).isEqualTo(ApplyStatus.SUCCEEDED);
    assertThat(exists(map("stays"))).isTrue();
    assertThat(exists(map("goes"))).as("after revision %d", revision).isFalse();
  }

  /** As when a superseded agent is still at work while its successor was given the command too. */
  @Test
  void two_agents_that_apply_one_revision_at_once_come_to_the_same() throws Exception {
    String[] objects = {config("a", "blue"), config("b", "blue"), deployment("web", "1")};
    AtomicBoolean met = new AtomicBoolean(true);
    for (int call = 1; met.getAndSet(false); call++) {
      int revision = 2 * call;
      web.apply(revision - 1, config("goes", "blue"));
      Callable<?> other =
          () -> {
            met.set(true);
            return report("other", web.apply(revision, objects));
          };
      try (Deploying slow = slow(call, other)) {
        report("slow, met at call " + call, slow.apply(revision, objects));
      }
      assertThat(exists(map("goes"))).isFalse();
    }
    assertThat(actions(web.delete(1_000, false))).containsOnly(PRUNED).hasSize(3);
  }

  @Test
  void an_agent_that_is_overtaken_by_a_newer_revision_undoes_nothing_and_orphans_nothing()
      throws Exception {
    AtomicBoolean met = new AtomicBoolean(true);
    int failed = 0;
    for (int call = 1; met.getAndSet(false); call++) {
      int revision = 3 * call;
      String[] newer = {config("stays", "new"), deployment("web", "2")};
      web.apply(revision - 2, config("stays", "old"));
      Callable<?> other =
          () -> {
            met.set(true);
            return report("newer", web.apply(revision, newer));
          };
      try (Deploying slow = slow(call, other)) {
        CommandOutcome late =
            slow.run(
                slow.applying(
                    revision - 1, FORCE, config("stays", "mid"), deployment("goes", "1")));
        failed += late.state() == CommandState.SUCCEEDED ? 0 : 1;
      }
      report("newer again", web.apply(revision, newer));
      String goes = cluster.in("/apis/apps/v1", "deployments") + "/goes";
      assertThat(exists(goes)).as("met at call %d", call).isFalse();
      assertThat(colour("stays")).isEqualTo("new");
    }
    assertThat(failed).isGreaterThan(3);
  }

  final Deploying slow(int call, Callable<?> other) throws IOException {
    return new Deploying(
        Crash.meanwhile(call, cluster.client(), other), home(), "web", cluster.namespace());
  }

  private static ApplyReport report(String who, ApplyReport report) {
    assertThat(report.status()).as("%s: %s", who, report).isEqualTo(ApplyStatus.SUCCEEDED);
    return report;
  }

  private String colour(String name) throws IOException {
    return Json.of(cluster.admin().send(ApiRequest.get(map(name)))).child("data").text("colour");
  }

  /** The list is written first, so a crash leaves an object that the list names without its uid. */
  @Test
  void what_a_crashed_apply_made_is_not_orphaned() throws Exception {
    web.apply(1, config("a", "blue"), config("b", "blue"));
    cluster.patch(
        "/api/v1/namespaces/" + home() + "/configmaps/niro-managed-web",
        "{'data':{'objects':'[{\\\"apiVersion\\\":\\\"v1\\\",\\\"kind\\\":\\\"ConfigMap\\\",\\\"namespace\\\":\\\"%s\\\",\\\"name\\\":\\\"a\\\"},{\\\"apiVersion\\\":\\\"v1\\\",\\\"kind\\\":\\\"ConfigMap\\\",\\\"namespace\\\":\\\"%s\\\",\\\"name\\\":\\\"never-made\\\"}]'}}"
            .formatted(cluster.namespace(), cluster.namespace()));
    ApplyReport report = web.apply(2, config("b", "blue"));
    assertThat(actions(report)).containsExactly(UNCHANGED, PRUNED);
    assertThat(exists(map("a"))).isFalse();
  }

  @Test
  void values_of_secrets_are_in_no_message() throws Exception {
    String planted = "PLANTED-VALUE";
    String wrong =
        "{'apiVersion':'v1','kind':'Secret','metadata':{'name':'s'},'type':'kubernetes.io/tls','stringData':{'tls.crt':'%s','%s/':'x'}}"
            .formatted(planted, "key");
    CommandOutcome outcome = web.run(web.applying(1, ApplyOptions.CAREFUL, wrong));
    assertThat(outcome.toString() + outcome.output().text())
        .doesNotContain(planted)
        .doesNotContain("UExBTlRFRC1WQUxVR");
    String good =
        "{'apiVersion':'v1','kind':'Secret','metadata':{'name':'s'},'stringData':{'password':'%s'}}";
    web.apply(1, good.formatted(planted));
    assertThat(actions(web.apply(2, good.formatted(planted)))).containsExactly(UNCHANGED);
    String diff = web.diff(2, good.formatted("OTHER")).toString();
    assertThat(diff)
        .contains("/data/password", "sha256:")
        .doesNotContain(planted, "UExBTlRFRC1WQUxVRQ", "T1RIRVI");
  }
}
