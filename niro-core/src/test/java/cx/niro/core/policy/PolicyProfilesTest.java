package cx.niro.core.policy;

import static cx.niro.core.Severity.HIGH;
import static cx.niro.core.Severity.MEDIUM;
import static cx.niro.core.policy.Given.ENGINE;
import static cx.niro.core.policy.Given.HOST_PATH;
import static cx.niro.core.policy.Given.PRIVILEGED;
import static cx.niro.core.policy.Given.RESTRICTED;
import static cx.niro.core.policy.Given.STAGING;
import static cx.niro.core.policy.Given.WEB;
import static cx.niro.core.policy.Given.result;
import static cx.niro.core.policy.Given.state;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.Clusters;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyProfilesTest {
  @Test
  void in_baseline_a_host_path_is_told_by_the_baseline_rule_alone() {
    assertThat(state("pss-host-path", WEB, STAGING, Clusters.deployment(HOST_PATH)))
        .isEqualTo("fail");
    PolicyResult strict =
        result("pss-volume-types", WEB, STAGING, Clusters.of(Clusters.deployment(HOST_PATH)));
    assertThat(strict.state()).isEqualTo(PolicyState.NOT_APPLICABLE);
    assertThat(strict.reason()).isEqualTo("told by pss-host-path");
  }

  @Test
  void in_restricted_the_stricter_rule_replaces_it_and_is_no_milder() {
    ClusterSnapshot snapshot = Clusters.of(Clusters.deployment(HOST_PATH));
    PolicyContext production =
        PolicyContext.of(Environment.PRODUCTION).with(PolicyProfile.RESTRICTED);
    assertThat(result("pss-host-path", WEB, production, snapshot).reason())
        .isEqualTo("replaced by pss-volume-types");
    assertThat(result("pss-volume-types", WEB, production, snapshot).finding().severity())
        .isEqualTo(HIGH);
    String nfs = HOST_PATH.replace("hostPath", "nfs");
    assertThat(
            result("pss-volume-types", WEB, production, Clusters.of(Clusters.deployment(nfs)))
                .finding()
                .severity())
        .isEqualTo(MEDIUM);
  }

  @Test
  void a_stricter_rule_of_a_newer_kubernetes_replaces_nothing_in_an_older_one() {
    String unmasked =
        "{'containers': [{'name': 'app', 'securityContext': {'procMount': 'Unmasked'}}]}";
    PolicyContext old = RESTRICTED.kubernetes(34);
    assertThat(state("pss-proc-mount", WEB, old, Clusters.deployment(unmasked))).isEqualTo("fail");
    assertThat(
            state("pss-proc-mount", WEB, RESTRICTED.kubernetes(35), Clusters.deployment(unmasked)))
        .isEqualTo("not_applicable");
  }

  @Test
  void the_profile_off_turns_off_the_standards_and_nothing_else() {
    PolicyContext off = STAGING.with(PolicyProfile.OFF);
    Workload both =
        Clusters.deployment(
            HOST_PATH.replace("'app'}", "'app', 'securityContext': {'privileged': true}}"));
    List<String> rules =
        ENGINE.evaluate(Clusters.of(both), off).findings().stream()
            .map(one -> one.rule().value())
            .toList();
    assertThat(rules).contains("privileged-container", "missing-health-probes");
    assertThat(rules).noneMatch(rule -> rule.startsWith("pss-"));
  }

  @Test
  void a_namespace_may_have_a_profile_of_its_own() {
    PolicyContext context = STAGING.with("shop", PolicyProfile.OFF);
    assertThat(state("pss-host-path", WEB, context, Clusters.deployment(HOST_PATH)))
        .isEqualTo("not_applicable");
    assertThat(
            state(
                "pss-host-path",
                WEB,
                STAGING.with("else", PolicyProfile.OFF),
                Clusters.deployment(HOST_PATH)))
        .isEqualTo("fail");
  }

  @Test
  void a_privileged_container_is_one_finding_in_every_profile() {
    for (PolicyProfile profile : PolicyProfile.values()) {
      assertThat(
              ENGINE
                  .evaluate(Clusters.of(Clusters.deployment(PRIVILEGED)), STAGING.with(profile))
                  .findings())
          .filteredOn(one -> one.message().contains("privileged"))
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "v1.33.5+k3s1, 33",
    "v1.34.2-eks-abc, 34",
    "1.9, 9",
    "v1.33, 33",
    "v2.1.0, 37",
    "nonsense, 37",
    ", 37"
  })
  void the_standards_are_read_for_the_version_of_the_cluster(String version, int minor) {
    ClusterSnapshot snapshot = Clusters.version(Clusters.of(), version);
    assertThat(ENGINE.evaluate(snapshot, STAGING).kubernetesMinor()).isEqualTo(minor);
    assertThat(ENGINE.evaluate(snapshot, STAGING.kubernetes(25)).kubernetesMinor()).isEqualTo(25);
  }
}
