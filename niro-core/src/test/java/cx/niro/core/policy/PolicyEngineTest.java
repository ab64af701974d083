package cx.niro.core.policy;

import static cx.niro.core.policy.Given.ENGINE;
import static cx.niro.core.policy.Given.PLAIN;
import static cx.niro.core.policy.Given.PRIVILEGED;
import static cx.niro.core.policy.Given.STAGING;
import static cx.niro.core.policy.Given.WEB;
import static cx.niro.core.policy.Given.annotated;
import static cx.niro.core.policy.Given.rule;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.Severity;
import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.SnapshotDelta;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.Clusters;
import cx.niro.core.testkit.SnapshotChanges;
import cx.niro.core.testkit.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyEngineTest {
  @Test
  void a_template_with_the_same_hash_is_not_judged_again() {
    AtomicInteger asked = new AtomicInteger();
    PolicySpec spec = PolicySpec.of("acme-counted", Severities.of(Severity.INFO), "t", "f");
    PolicyEngine engine =
        PolicyEngine.of(
            List.of(
                TemplateRule.of(
                    spec,
                    template -> {
                      asked.incrementAndGet();
                      return PolicyVerdict.fail("told");
                    }),
                rule("single-replica")));
    Workload web = annotated("", PLAIN);
    PolicyEvaluation first = engine.evaluate(Clusters.of(web), STAGING);
    PolicyEvaluation second = engine.evaluate(Clusters.of(web), STAGING, first);
    assertThat(asked).hasValue(1);
    assertThat(second.results()).isEqualTo(first.results());
    String exempt = "'niro.cx/exempt-acme-counted': 'why'";
    PolicyEvaluation third =
        engine.evaluate(Clusters.of(annotated(exempt, PLAIN)), STAGING, second);
    assertThat(asked).hasValue(1);
    assertThat(third.result(new PolicyId("acme-counted"), new Scope(WEB)).state())
        .isEqualTo(PolicyState.EXEMPT);
    engine.evaluate(Clusters.of(web), STAGING.kubernetes(20), third);
    assertThat(asked).as("for another version").hasValue(2);
    Workload unhashed = Clusters.deployment(PLAIN);
    PolicyEvaluation fourth = engine.evaluate(Clusters.of(unhashed), STAGING);
    engine.evaluate(Clusters.of(unhashed), STAGING, fourth);
    assertThat(asked).as("without a hash").hasValue(4);
  }

  @Test
  void what_only_became_of_a_cluster_is_not_heeded() {
    Snapshots source = Snapshots.seeded(5);
    ClusterSnapshot well = source.cluster(3, 20);
    List<Pod> pods = new ArrayList<>(well.objects().pods());
    pods.set(4, SnapshotChanges.crashed(pods.get(4)));
    List<Node> nodes = new ArrayList<>(well.objects().nodes());
    nodes.set(0, SnapshotChanges.withReady(nodes.get(0), false));
    ClusterSnapshot crashed = with(well, nodes, pods);
    assertThat(ENGINE.heeds(well, crashed)).isFalse();
    assertThat(ENGINE.heeds(crashed, well)).isFalse();

    assertThat(ENGINE.heeds(well, with(well, nodes, pods.subList(0, 19)))).isTrue();
    assertThat(ENGINE.heeds(well, with(well, nodes.subList(0, 2), pods))).isTrue();
    PolicySpec spec = PolicySpec.of("acme-any", Severities.of(Severity.INFO), "t", "f");
    PolicyRule reader =
        new PolicyRule(spec) {
          @Override
          protected PolicyVerdict judge(PolicySubject subject) {
            return PolicyVerdict.pass();
          }
        };
    assertThat(PolicyEngine.of(List.of(reader)).heeds(well, crashed)).isTrue();
    assertThat(PolicyEngine.of(List.of(reader)).heeds(well, well)).isFalse();
  }

  /** Whatever is not heeded would have had the same results. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void what_is_not_heeded_changes_no_result(long seed) {
    Snapshots source = Snapshots.seeded(seed);
    SnapshotChanges changes = new SnapshotChanges(source);
    ClusterSnapshot before = source.cluster(2, 20);
    int spared = 0;
    for (int i = 0; i < 300; i++) {
      ClusterSnapshot next = changes.after(before, 1);
      ClusterSnapshot now = SnapshotDelta.between(before, next).applyTo(before);
      if (!ENGINE.heeds(before, now)) {
        spared++;
        assertThat(ENGINE.evaluate(now, STAGING).results())
            .isEqualTo(ENGINE.evaluate(before, STAGING).results());
      }
      before = now;
    }
    assertThat(spared).isBetween(60, 250);
  }

  private static ClusterSnapshot with(ClusterSnapshot was, List<Node> nodes, List<Pod> pods) {
    Inventory objects =
        new Inventory(
            nodes,
            pods,
            was.objects().workloads(),
            was.objects().events(),
            was.objects().persistentVolumeClaims(),
            was.objects().serviceAccounts(),
            was.objects().autoscalers());
    return new ClusterSnapshot(was.info(), was.sections(), objects);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'desiredReplicas': 4 | true",
        "'templateHash': 'other' | true",
        "'paused': true | true",
        "'rollout': {'revisionHistoryLimit': 0} | true",
        "'replicas': {'total': 3, 'ready': 1} | false",
        "'observedGeneration': 7 | false",
        "'conditions': [{'type': 'Available', 'status': 'False'}] | false",
        "'conditions': [{'type': 'Complete', 'status': 'True'}], 'job': {} | true"
      })
  void of_a_workload_only_what_people_asked_for_is_heeded(String members, boolean heeded) {
    Workload plain = Clusters.workload("Deployment", "web", "'generation': 1", PLAIN);
    Workload other = Clusters.workload("Deployment", "web", "'generation': 1, " + members, PLAIN);
    assertThat(ENGINE.heeds(Clusters.of(plain), Clusters.of(other))).isEqualTo(heeded);
  }

  @Test
  void rules_about_more_than_the_template_are_always_asked() {
    PolicyEngine engine = PolicyEngine.of(List.of(rule("single-replica")));
    Workload one =
        Clusters.workload("Deployment", "web", "'desiredReplicas': 1, 'templateHash': 'h'", PLAIN);
    Workload two =
        Clusters.workload("Deployment", "web", "'desiredReplicas': 2, 'templateHash': 'h'", PLAIN);
    PolicyEvaluation first = engine.evaluate(Clusters.of(one), STAGING);
    assertThat(first.findings()).hasSize(1);
    assertThat(engine.evaluate(Clusters.of(two), STAGING, first).findings()).isEmpty();
  }

  @Test
  void an_evaluation_by_another_engine_is_not_used() {
    PolicyEngine other = PolicyEngine.of(List.of(rule("bare-pod")));
    ClusterSnapshot snapshot = Clusters.of(annotated("", PRIVILEGED));
    PolicyEvaluation before = other.evaluate(snapshot, STAGING);
    assertThat(ENGINE.evaluate(snapshot, STAGING, before).results())
        .isEqualTo(ENGINE.evaluate(snapshot, STAGING).results());
  }

  @Test
  void the_same_snapshots_give_the_same_findings_with_and_without_the_previous_one() {
    Snapshots snapshots = Snapshots.seeded(7);
    PolicyEvaluation last = null;
    for (int pods : new int[] {60, 40, 80, 60}) {
      ClusterSnapshot snapshot = snapshots.cluster(3, pods);
      last = ENGINE.evaluate(snapshot, STAGING, last);
      assertThat(last.results()).isEqualTo(ENGINE.evaluate(snapshot, STAGING).results());
      assertThat(last.findings()).isNotEmpty();
    }
  }

  @Test
  void workloads_beyond_the_bound_are_unknown() {
    Resource[] many = new Resource[PolicyEngine.MAX_SUBJECTS + 1];
    for (int i = 0; i < many.length; i++) {
      many[i] = Clusters.workload("Deployment", "w%05d".formatted(i), "'paused': true", PLAIN);
    }
    PolicyEvaluation evaluation =
        PolicyEngine.of(List.of(rule("privileged-container"))).evaluate(Clusters.of(many), STAGING);
    assertThat(evaluation.results()).hasSize(PolicyEngine.MAX_SUBJECTS);
    PolicyId id = new PolicyId("privileged-container");
    Scope last = new Scope("ns/shop/Deployment/w%05d".formatted(PolicyEngine.MAX_SUBJECTS));
    assertThat(evaluation.result(id, last).state()).isEqualTo(PolicyState.UNKNOWN);
  }

  @Test
  void a_fingerprint_is_of_cluster_rule_and_workload() {
    Finding finding =
        ENGINE.evaluate(Clusters.of(Clusters.deployment(PRIVILEGED)), STAGING).findings().get(0);
    Finding same = new Finding(finding.rule(), finding.scope(), finding.symptom(), "other fix");
    ClusterId one = new ClusterId("one");
    assertThat(finding.fingerprint(one))
        .isEqualTo(same.fingerprint(one))
        .isNotEqualTo(finding.fingerprint(new ClusterId("two")));
  }

  @Test
  void every_rule_has_a_title_and_a_fix() {
    assertThat(ENGINE.rules())
        .hasSize(28)
        .allSatisfy(
            rule -> {
              assertThat(rule.spec().title()).isNotBlank().doesNotEndWith(".");
              assertThat(rule.spec().fix()).endsWith(".");
            });
  }
}
