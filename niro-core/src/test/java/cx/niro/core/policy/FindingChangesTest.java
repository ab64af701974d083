package cx.niro.core.policy;

import static cx.niro.core.Severity.HIGH;
import static cx.niro.core.Severity.MEDIUM;
import static cx.niro.core.policy.Given.ENGINE;
import static cx.niro.core.policy.Given.PLAIN;
import static cx.niro.core.policy.Given.PRIVILEGED;
import static cx.niro.core.policy.Given.STAGING;
import static cx.niro.core.policy.Given.WEB;
import static cx.niro.core.policy.Given.bare;
import static cx.niro.core.policy.Given.pod;
import static cx.niro.core.policy.Given.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cx.niro.core.Environment;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus.State;
import cx.niro.core.testkit.Clusters;
import cx.niro.core.testkit.PolicyRun;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FindingChangesTest {
  @Test
  void what_is_unknown_stays_open_and_what_is_gone_is_cleared() {
    PolicyRun run = PolicyRun.of(PolicyEngine.of(List.of(rule("privileged-container"))));
    ClusterSnapshot full = Clusters.of(Clusters.deployment(PRIVILEGED));
    run.sees(full).sees(Clusters.with(Clusters.of(), Section.WORKLOADS, State.PARTIAL));
    run.sees(Clusters.with(Clusters.of(), Section.WORKLOADS, State.ERROR));
    run.sees(Clusters.of(bare("Deployment")));
    assertThat(run.open()).containsExactly("privileged-container " + WEB);
    run.sees(Clusters.of()).sees(full).sees(Clusters.of(Clusters.deployment(PLAIN)));
    assertThat(run.story())
        .containsExactly(
            "appeared privileged-container " + WEB,
            "cleared privileged-container " + WEB + ", not_applicable",
            "appeared privileged-container " + WEB,
            "cleared privileged-container " + WEB + ", pass");
  }

  @Test
  void a_bare_pod_is_gone_when_all_pods_were_reported() {
    PolicyRun run = PolicyRun.of(PolicyEngine.of(List.of(rule("bare-pod"))));
    run.sees(Clusters.of(pod("tool", "", PLAIN, "Running")));
    run.sees(Clusters.with(Clusters.of(), Section.PODS, State.PARTIAL));
    assertThat(run.open()).hasSize(1);
    run.sees(Clusters.with(Clusters.of(), Section.WORKLOADS, State.PARTIAL));
    assertThat(run.open()).isEmpty();
  }

  @Test
  void a_changed_environment_changes_the_severity_of_the_same_finding() {
    PolicyRun run = PolicyRun.of(PolicyEngine.of(List.of(rule("no-rollback-history"))));
    ClusterSnapshot snapshot =
        Clusters.of(
            Clusters.workload(
                "Deployment", "web", "'rollout': {'revisionHistoryLimit': 0}", PLAIN));
    run.sees(snapshot)
        .sees(snapshot)
        .under(PolicyContext.of(Environment.PRODUCTION))
        .sees(snapshot);
    assertThat(run.story())
        .containsExactly(
            "appeared no-rollback-history " + WEB, "changed no-rollback-history " + WEB);
    assertThat(run.findings()).extracting(Finding::severity).containsExactly(MEDIUM);
  }

  @Test
  void a_rule_that_is_no_more_clears_its_findings() {
    Finding old =
        ENGINE.evaluate(Clusters.of(Clusters.deployment(PRIVILEGED)), STAGING).findings().get(0);
    PolicyEvaluation without = PolicyEngine.of(List.of()).evaluate(Clusters.of(), STAGING);
    FindingChanges changes = FindingChanges.diff(List.of(old, old), without);
    assertThat(changes.cleared()).hasSize(1);
    assertThat(changes.cleared().get(0).reason()).isEqualTo("there is no such rule any more");
    assertThat(changes.isEmpty()).isFalse();
    assertThat(FindingChanges.diff(List.of(), without).isEmpty()).isTrue();
  }

  @Test
  void a_rule_that_throws_is_unknown_and_told_once_a_workload() {
    AtomicInteger failures = new AtomicInteger();
    PolicySpec spec = PolicySpec.of("acme-broken", Severities.of(HIGH), "t", "f");
    PolicyEngine engine =
        PolicyEngine.of(
            List.of(
                TemplateRule.of(
                    spec,
                    template -> {
                      throw new IllegalStateException("oops");
                    })),
            (rule, failure) -> failures.incrementAndGet());
    PolicyEvaluation evaluation = engine.evaluate(Clusters.of(Clusters.deployment(PLAIN)), STAGING);
    assertThat(evaluation.results())
        .extracting(PolicyResult::state)
        .containsExactly(PolicyState.UNKNOWN);
    assertThat(failures).hasValue(1);
  }

  @Test
  void two_rules_with_one_id_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PolicyEngine.of(List.of(rule("bare-pod"), rule("bare-pod"))))
        .withMessage("two rules for policy bare-pod");
    assertThatIllegalArgumentException().isThrownBy(() -> new PolicyId("Bad_id"));
  }
}
