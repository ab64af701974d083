package cx.niro.core.policy;

import static cx.niro.core.Severity.HIGH;
import static cx.niro.core.policy.Given.ENGINE;
import static cx.niro.core.policy.Given.PRIVILEGED;
import static cx.niro.core.policy.Given.STAGING;
import static cx.niro.core.policy.Given.WEB;
import static cx.niro.core.policy.Given.annotated;
import static cx.niro.core.policy.Given.bare;
import static cx.niro.core.policy.Given.result;
import static cx.niro.core.policy.Given.rule;
import static cx.niro.core.policy.Given.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.Clusters;
import cx.niro.core.testkit.PolicyRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExemptionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "kube-system",
        "kube-public",
        "kube-node-lease",
        "cattle-system",
        "cattle-fleet-system",
        "system-upgrade",
        "local-path-storage",
        "niro-system"
      })
  void what_the_cluster_brings_along_is_exempt_with_a_reason(String namespace) {
    Workload workload =
        Clusters.read(
            Workload.class,
            "{'meta': {'uid': 'u', 'namespace': '%s', 'name': 'web'}, 'kind': 'Deployment', 'template': %s}"
                .formatted(namespace, PRIVILEGED));
    PolicyEvaluation evaluation = ENGINE.evaluate(Clusters.of(workload), STAGING);
    assertThat(evaluation.findings()).isEmpty();
    PolicyResult result =
        evaluation.result(
            new PolicyId("privileged-container"), new Scope("ns/" + namespace + "/Deployment/web"));
    assertThat(result.state()).isEqualTo(PolicyState.EXEMPT);
    assertThat(result.reason()).isNotBlank();
    assertThat(result.finding().severity()).isEqualTo(HIGH);
    assertThat(evaluation.results())
        .anyMatch(one -> one.state() == PolicyState.PASS)
        .noneMatch(one -> one.state() == PolicyState.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "svccontroller.k3s.cattle.io/svcname, DaemonSet",
    "helmcharts.helm.cattle.io/chart, Job"
  })
  void load_balancers_and_chart_installers_of_k3s_are_exempt_by_label(String label, String kind) {
    Workload workload =
        Clusters.read(
            Workload.class,
            "{'meta': {'uid': 'u', 'namespace': 'shop', 'name': 'x', 'labels': {'%s': 'traefik'}}, 'kind': '%s', 'template': %s}"
                .formatted(label, kind, PRIVILEGED));
    assertThat(ENGINE.evaluate(Clusters.of(workload), STAGING).findings()).isEmpty();
    assertThat(ENGINE.evaluate(Clusters.of(workload), STAGING.with(List.of())).findings())
        .isNotEmpty();
  }

  @Test
  void an_object_exempts_itself_by_annotation_with_a_reason() {
    String annotation = "'niro.cx/exempt-privileged-container': 'needs the GPU'";
    PolicyResult result =
        result(
            "privileged-container", WEB, STAGING, Clusters.of(annotated(annotation, PRIVILEGED)));
    assertThat(result.state()).isEqualTo(PolicyState.EXEMPT);
    assertThat(result.reason()).isEqualTo("needs the GPU");
    assertThat(state("missing-health-probes", WEB, STAGING, annotated(annotation, PRIVILEGED)))
        .isEqualTo("fail");
    String ofTemplate =
        PRIVILEGED.replace("{'containers'", "{'annotations': {" + annotation + "}, 'containers'");
    assertThat(state("privileged-container", WEB, STAGING, annotated("", ofTemplate)))
        .isEqualTo("exempt");
    assertThat(
            state(
                "privileged-container",
                WEB,
                STAGING,
                annotated("'niro.cx/exempt-privileged-container': ' '", PRIVILEGED)))
        .isEqualTo("fail");
  }

  @Test
  void an_exemption_names_a_namespace_workloads_and_rules() {
    Exemption gpu =
        Exemption.workload("shop", "we*", "the GPU").from("privileged-container", "pss-host-path");
    Workload web = Clusters.deployment(PRIVILEGED);
    assertThat(state("privileged-container", WEB, STAGING.with(gpu), web)).isEqualTo("exempt");
    assertThat(state("missing-health-probes", WEB, STAGING.with(gpu), web)).isEqualTo("fail");
    Exemption other = Exemption.workload("shop", "we", "no prefix").from("privileged-container");
    assertThat(state("privileged-container", WEB, STAGING.with(other), web)).isEqualTo("fail");
    Exemption elsewhere = Exemption.workload("else", "web", "other namespace");
    assertThat(state("privileged-container", WEB, STAGING.with(elsewhere), web)).isEqualTo("fail");
    assertThatIllegalArgumentException().isThrownBy(() -> Exemption.namespace("a", " "));
  }

  @Test
  void an_exemption_clears_the_finding_even_of_what_is_unknown() {
    PolicyRun run = PolicyRun.of(PolicyEngine.of(List.of(rule("privileged-container"))));
    run.sees(Clusters.of(Clusters.deployment(PRIVILEGED)));
    run.under(STAGING.with(Exemption.namespace("shop", "a museum")));
    run.sees(Clusters.of(bare("Deployment")));
    assertThat(run.story()).last().isEqualTo("cleared privileged-container " + WEB + ", exempt");
  }
}
