package cx.niro.core.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.Severity;
import cx.niro.core.incident.Inhibition.Relation;
import cx.niro.core.incident.rules.StandardRules;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Section;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InhibitionTest {
  private static final Scope NODE = Scope.node("n1");
  private static final Scope WEB = Scope.workload("shop", "Deployment", "web");
  private static final Scope APP = WEB.container("app");

  private final Map<String, Map<Scope, Judgement>> judged = new LinkedHashMap<>();
  private final List<String> types =
      List.of(
          "node_not_ready",
          "node_flapping",
          "node_disk_pressure",
          "pod_crash_looping",
          "container_oom_killed",
          "deployment_failed",
          "workload_replicas_unavailable",
          "pod_evicted",
          "pod_not_ready",
          "volume_mount_failed",
          "init_container_failing",
          "pod_unschedulable",
          "pvc_pending",
          "certificate_expiring",
          "acme_hot");
  private DetectionRun run = DetectionRun.of(DetectionEngine.of(List.of()));
  private long changes = 1;

  /** Says what the test wants. */
  private final class Told extends IncidentRule {
    Told(String type) {
      super(RuleSpec.of(new IncidentType(type)).reads(Section.NODES));
    }

    @Override
    protected List<Judgement> judge(RuleInput input) {
      return List.copyOf(judged.getOrDefault(spec().type().name(), Map.of()).values());
    }
  }

  @BeforeEach
  void starts() {
    List<IncidentRule> rules = new ArrayList<>();
    DetectionEngine.standard().rules().stream()
        .filter(rule -> rule.spec().type().equals(IncidentType.CLUSTER_OFFLINE))
        .forEach(rules::add);
    types.forEach(type -> rules.add(new Told(type)));
    run = DetectionRun.of(DetectionEngine.of(rules)).sees(anew()).passMinutes(1);
  }

  private ClusterSnapshot anew() {
    return Seen.nodes(Seen.node("n1", "True", changes++));
  }

  private static Judgement yes(Scope scope) {
    return Judgement.yes(scope, new Symptom(Severity.LOW, scope + " is bad", Map.of()));
  }

  private void says(String type, Judgement judgement) {
    judged.computeIfAbsent(type, any -> new LinkedHashMap<>()).put(judgement.scope(), judgement);
    run.sees(anew()).passSeconds(16);
  }

  private void ends(String type, Scope scope) {
    says(type, Judgement.no(scope));
  }

  @ParameterizedTest
  @CsvSource({
    "node_flapping, node/n1, node_not_ready, node/n1",
    "node_not_ready, node/n1, node_disk_pressure, node/n1",
    "pod_crash_looping, ns/shop/Deployment/web/container/app, deployment_failed, ns/shop/Deployment/web",
    "pod_crash_looping, ns/shop/Deployment/web/container/app, container_oom_killed, ns/shop/Deployment/web/container/app",
    "deployment_failed, ns/shop/Deployment/web, workload_replicas_unavailable, ns/shop/Deployment/web",
    "deployment_failed, ns/shop/Deployment/web, pod_not_ready, ns/shop/Deployment/web",
    "volume_mount_failed, ns/shop/Deployment/web, deployment_failed, ns/shop/Deployment/web",
    "workload_replicas_unavailable, ns/shop/Deployment/web, pod_not_ready, ns/shop/Deployment/web",
    "init_container_failing, ns/shop/Deployment/web/container/a, container_oom_killed, ns/shop/Deployment/web/container/a",
    "init_container_failing, ns/shop/Deployment/web/container/a, deployment_failed, ns/shop/Deployment/web",
  })
  void a_cause_suppresses_what_it_explains_in_whatever_order_they_come(
      String cause, String causeScope, String effect, String effectScope) {
    says(effect, yes(new Scope(effectScope)));
    assertThat(run.heard()).containsExactly(effect + " " + effectScope);
    says(cause, yes(new Scope(causeScope)));
    assertThat(run.heard()).containsExactly(cause + " " + causeScope);
    assertThat(run.suppressed())
        .containsExactly(effect + " " + effectScope + " by " + cause + " " + causeScope);
    assertThat(run.story()).containsExactly("opened", "opened", "suppressed");
  }

  @ParameterizedTest
  @CsvSource({
    "node_not_ready, node/n2, node_disk_pressure, node/n1",
    "node_not_ready, node/n1, pod_evicted, ns/shop/Deployment/web",
    "pod_crash_looping, ns/shop/Deployment/web/container/app, deployment_failed, ns/shop/Deployment/webs",
    "pod_crash_looping, ns/shop/Deployment/web/container/app, deployment_failed, managed/web",
    "pod_crash_looping, ns/shop/Deployment/web/container/app, container_oom_killed, ns/shop/Deployment/web/container/b",
    "pvc_pending, pvc/shop/data, pod_unschedulable, ns/shop/Deployment/web",
    "node_disk_pressure, node/n1, node_not_ready, node/n1",
    "container_oom_killed, ns/shop/Deployment/web/container/app, pod_crash_looping, ns/shop/Deployment/web/container/app",
  })
  void what_does_not_belong_together_or_goes_the_other_way_is_heard(
      String cause, String causeScope, String effect, String effectScope) {
    says(cause, yes(new Scope(causeScope)));
    says(effect, yes(new Scope(effectScope)));
    assertThat(run.heard()).contains(effect + " " + effectScope);
  }

  @Test
  void a_node_explains_what_depends_on_it_alone() {
    Scope other = Scope.workload("shop", "Deployment", "other");
    says("pod_crash_looping", yes(APP).dependsOn(NODE));
    says("acme_hot", yes(other).dependsOn(Scope.node("n2")));
    says("node_not_ready", yes(NODE));
    assertThat(run.suppressed())
        .containsExactly("pod_crash_looping " + APP + " by node_not_ready node/n1");
  }

  @Test
  void what_it_depended_on_when_it_was_last_true_counts_while_nobody_can_tell() {
    says("pod_crash_looping", yes(APP).dependsOn(NODE));
    says("pod_crash_looping", Judgement.unknown(APP));
    says("node_not_ready", yes(NODE));
    assertThat(run.suppressed()).hasSize(1);
  }

  @Test
  void a_claim_explains_the_pods_that_mount_it() {
    Scope claim = Scope.claim("shop", "data");
    says("pvc_pending", yes(claim));
    says("pod_unschedulable", yes(WEB).dependsOn(claim, NODE));
    assertThat(run.suppressed()).hasSize(1);
  }

  @Test
  void a_chain_of_causes_ends_in_one_that_is_heard() {
    says("workload_replicas_unavailable", yes(WEB));
    says("pod_crash_looping", yes(APP).dependsOn(NODE));
    says("node_not_ready", yes(NODE));
    assertThat(run.heard()).containsExactly("node_not_ready node/n1");
    assertThat(run.suppressed())
        .containsExactly(
            "pod_crash_looping " + APP + " by node_not_ready node/n1",
            "workload_replicas_unavailable " + WEB + " by pod_crash_looping " + APP);
  }

  @Test
  void another_cause_does_not_change_why_it_is_suppressed() {
    says("deployment_failed", yes(WEB));
    says("pod_crash_looping", yes(WEB.container("z")));
    says("pod_crash_looping", yes(WEB.container("a")));
    assertThat(run.story()).containsExactly("opened", "opened", "suppressed", "opened");
    ends("pod_crash_looping", WEB.container("z"));
    assertThat(run.suppressed().get(0)).endsWith("/container/a");
  }

  @Test
  void an_offline_cluster_suppresses_everything_but_what_is_about_itself() {
    says("pod_crash_looping", yes(APP));
    says("acme_hot", yes(NODE));
    says("certificate_expiring", yes(new Scope("cert/api-server")));
    run.goesSilent().passMinutes(3);
    assertThat(run.heard())
        .containsExactly("certificate_expiring cert/api-server", "cluster_offline cluster");
    assertThat(run.suppressed())
        .hasSize(2)
        .allMatch(one -> one.endsWith("by cluster_offline cluster"));
  }

  // Release.

  @Test
  void what_is_still_true_is_heard_two_minutes_after_its_cause_ended() {
    says("acme_hot", yes(NODE));
    run.goesSilent().passMinutes(10).comesBack().passSeconds(115);
    assertThat(run.heard()).isEmpty();
    run.passSeconds(20);
    assertThat(run.heard()).containsExactly("acme_hot node/n1");
    assertThat(run.story())
        .containsExactly("opened", "opened", "suppressed", "resolved cleared", "heard");
  }

  @Test
  void what_ended_with_its_cause_is_never_heard() {
    says("acme_hot", yes(NODE));
    run.goesSilent().passMinutes(10).comesBack();
    ends("acme_hot", NODE);
    run.passMinutes(5);
    assertThat(run.story())
        .containsExactly("opened", "opened", "suppressed", "resolved cleared", "resolved cleared");
  }

  @Test
  void the_cluster_must_be_seen_whole_before_anything_is_released() {
    says("acme_hot", yes(NODE));
    run.goesSilent().passMinutes(10);
    run.sees(Seen.partial(anew())).comesBack().passMinutes(30);
    assertThat(run.suppressed()).hasSize(1);
    run.sees(anew()).passSeconds(110);
    assertThat(run.suppressed()).hasSize(1);
    run.passSeconds(40);
    assertThat(run.heard()).containsExactly("acme_hot node/n1");
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 200})
  void silence_during_the_grace_starts_it_anew(int seconds) {
    says("node_flapping", yes(NODE));
    says("node_not_ready", yes(NODE));
    ends("node_flapping", NODE);
    run.passSeconds(30).goesSilent().passSeconds(seconds).comesBack().passSeconds(100);
    assertThat(run.heard()).doesNotContain("node_not_ready node/n1");
    run.passSeconds(100);
    assertThat(run.heard()).containsExactly("node_not_ready node/n1");
  }

  @Test
  void a_cause_that_comes_back_within_the_grace_goes_on_suppressing() {
    says("node_flapping", yes(NODE));
    says("node_not_ready", yes(NODE));
    ends("node_flapping", NODE);
    run.passSeconds(60);
    says("node_flapping", yes(NODE));
    run.passMinutes(60);
    assertThat(run.suppressed()).hasSize(1);
    assertThat(run.story()).doesNotContain("heard");
  }

  @Test
  void a_restart_of_the_server_forgets_nothing_of_it() {
    says("acme_hot", yes(NODE));
    run.goesSilent().passMinutes(10).comesBack().passSeconds(60);
    run.serverStops().passSeconds(20).serverStarts();
    assertThat(run.suppressed()).hasSize(1);
    run.passMinutes(3);
    assertThat(run.heard()).containsExactly("acme_hot node/n1");
  }

  @Test
  void a_suppressed_incident_keeps_its_evidence_up_to_date() {
    says("node_not_ready", yes(NODE));
    says("node_disk_pressure", yes(NODE));
    Symptom other = new Symptom(Severity.HIGH, "worse", Map.of());
    says("node_disk_pressure", Judgement.yes(NODE, other));
    run.passMinutes(2);
    assertThat(run.updated()).extracting(one -> one.summary()).containsExactly("worse");
    assertThat(run.suppressed()).hasSize(1);
  }

  // The table.

  @Test
  void the_standard_rows_can_be_sorted_so_that_causes_come_first() {
    Set<IncidentType> all = new java.util.HashSet<>();
    types.forEach(type -> all.add(new IncidentType(type)));
    DetectionEngine.standard().rules().forEach(rule -> all.add(rule.spec().type()));
    List<String> sorted =
        InhibitionOrder.of(all, StandardRules.inhibitions()).stream()
            .map(IncidentType::name)
            .toList();
    assertThat(sorted)
        .containsSubsequence(
            "cluster_offline",
            "node_flapping",
            "node_not_ready",
            "pod_crash_looping",
            "deployment_failed",
            "workload_replicas_unavailable");
  }

  @Test
  void rows_that_go_in_a_circle_are_refused() {
    Inhibition back =
        Inhibition.of(
            Set.of(new IncidentType("node_not_ready")),
            Set.of(new IncidentType("node_flapping")),
            Relation.SAME_SCOPE);
    assertThatThrownBy(() -> DetectionEngine.of(List.of()).inhibiting(List.of(back)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("suppress each other")
        .hasMessageContaining("node_flapping");
  }

  @Test
  void an_embedder_adds_rows_of_its_own() {
    Inhibition own =
        Inhibition.of(
            Set.of(new IncidentType("acme_hot")),
            Set.of(new IncidentType("acme_slow")),
            Relation.SAME_SCOPE);
    DetectionEngine engine =
        DetectionEngine.of(List.of(new Told("acme_hot"), new Told("acme_slow")))
            .inhibiting(List.of(own));
    run = DetectionRun.of(engine);
    says("acme_hot", yes(NODE));
    says("acme_slow", yes(NODE));
    assertThat(run.heard()).containsExactly("acme_hot node/n1");
  }

  // Flapping.

  @Test
  void what_opens_and_resolves_more_than_three_times_in_a_quarter_stays_open_and_quiet() {
    comesAndGoes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared", "opened", "flapping");
    comesAndGoes(20);
    assertThat(run.story()).hasSize(4);
    run.passMinutes(13);
    assertThat(run.story()).hasSize(4);
    run.passMinutes(2);
    assertThat(run.story()).hasSize(5).last().isEqualTo("resolved cleared");
  }

  private void comesAndGoes(int times) {
    for (int i = 0; i < times; i++) {
      says("acme_hot", yes(NODE));
      run.passMinutes(1);
      ends("acme_hot", NODE);
      run.passMinutes(1);
    }
  }

  @Test
  void what_stays_bad_after_flapping_is_heard_again() {
    comesAndGoes(4);
    says("acme_hot", yes(NODE));
    run.passMinutes(14);
    assertThat(run.heard()).isEmpty();
    run.passMinutes(2);
    assertThat(run.heard()).containsExactly("acme_hot node/n1");
    assertThat(run.story()).last().isEqualTo("heard");
    ends("acme_hot", NODE);
    assertThat(run.story()).last().isEqualTo("resolved cleared");
  }

  @Test
  void three_changes_in_a_quarter_are_no_flapping() {
    for (int i = 0; i < 20; i++) {
      comesAndGoes(1);
      run.passMinutes(13);
    }
    assertThat(run.story()).hasSize(40).doesNotContain("flapping");
  }

  @Test
  void flapping_goes_on_after_a_restart_of_the_server() {
    comesAndGoes(2);
    run.serverStops().passMinutes(5).serverStarts().passMinutes(14);
    assertThat(run.story()).last().isEqualTo("flapping");
    run.passMinutes(3);
    assertThat(run.story()).last().isEqualTo("resolved cleared");
  }

  @Test
  void silence_does_not_count_as_steady() {
    comesAndGoes(2);
    run.goesSilent().pass(Duration.ofHours(1)).comesBack().passMinutes(5);
    assertThat(run.heard()).isEmpty();
    assertThat(run.openScopes()).contains("node/n1");
  }

  @Test
  void an_offline_cluster_that_comes_and_goes_is_resolved_each_time_but_told_no_more() {
    for (int i = 0; i < 3; i++) {
      run.goesSilent().passSeconds(160).comesBack().passSeconds(20);
    }
    assertThat(run.story())
        .containsExactly(
            "opened",
            "resolved cleared",
            "opened",
            "resolved cleared",
            "opened",
            "flapping",
            "resolved cleared");
  }

  @Test
  void what_is_remembered_of_changes_ends_with_the_quarter() {
    comesAndGoes(1);
    String before = run.state().text();
    assertThat(before).contains("\nf acme_hot");
    run.passMinutes(20).sees(anew()).passMinutes(1);
    assertThat(run.state().text()).doesNotContain("acme_hot\nm");
  }
}
