package cx.niro.core.policy.rules;

import static cx.niro.core.Severity.HIGH;
import static cx.niro.core.Severity.INFO;
import static cx.niro.core.Severity.LOW;
import static cx.niro.core.Severity.MEDIUM;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.policy.PolicyRule;
import cx.niro.core.policy.PolicySpec;
import cx.niro.core.policy.Severities;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.Clusters;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentedPoliciesTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  @Test
  void the_eight_have_the_promised_ids_and_severities() {
    Map<String, Severities> promised =
        Map.of(
            "single-replica", Severities.of(INFO, HIGH),
            "mutable-tag", Severities.of(LOW, HIGH),
            "missing-resource-requests", Severities.of(MEDIUM, MEDIUM),
            "missing-resource-limits", Severities.of(MEDIUM, MEDIUM),
            "missing-health-probes", Severities.of(MEDIUM, MEDIUM),
            "privileged-container", Severities.of(HIGH, HIGH),
            "no-rollback-history", Severities.of(LOW, MEDIUM),
            "public-image-no-credential", Severities.of(MEDIUM, MEDIUM));
    assertThat(
            StandardPolicies.all().stream().map(PolicyRule::spec).limit(promised.size()).toList())
        .allSatisfy(
            spec -> assertThat(spec.severities()).isEqualTo(promised.get(spec.id().value())));
  }

  @Test
  void an_unspecified_environment_is_not_production() {
    for (PolicyRule rule : StandardPolicies.all()) {
      PolicySpec spec = rule.spec();
      Severity staging = spec.severities().in(Environment.STAGING);
      assertThat(spec.severities().in(Environment.UNSPECIFIED)).isEqualTo(staging);
    }
  }

  private static String image(String image) {
    return "{'containers': [{'name': 'app', 'image': '%s'}]}".formatted(image);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nginx", "nginx:latest", "host:5000/app", "ghcr.io/acme/web:latest", "a/b/c"})
  void an_image_without_a_version_may_change_overnight(String image) {
    Judged judged = Judged.template("mutable-tag", image(image));
    assertThat(judged.severities()).containsExactly(LOW, LOW, HIGH);
    assertThat(judged.evidence())
        .containsEntry("containers", List.of("app"))
        .containsEntry("images", List.of(image));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nginx:1.27", "host:5000/app:1", "app:latest-1", "nginx:stable"})
  void an_image_with_a_version_passes(String image) {
    assertThat(Judged.template("mutable-tag", image(image)).state()).isEqualTo("pass");
  }

  @Test
  void a_digest_pins_whatever_the_tag() {
    assertThat(Judged.template("mutable-tag", image("app:latest@sha256:" + HEX)).state())
        .isEqualTo("pass");
  }

  @Test
  void init_and_debug_containers_have_images_too() {
    Judged judged =
        Judged.template(
            "mutable-tag",
            "{'initContainers': [{'name': 'init', 'image': 'a'}], 'containers': [{'name': 'app', 'image': 'b:1'}], 'ephemeralContainers': [{'name': 'debug', 'image': 'c:latest'}]}");
    assertThat(judged.evidence()).containsEntry("containers", List.of("init", "debug"));
    assertThat(judged.finding().message()).isEqualTo("Image without a fixed version: init, debug");
  }

  @Test
  void what_is_no_image_reference_is_unknown() {
    assertThat(Judged.template("mutable-tag", image("${IMAGE}")).state()).isEqualTo("unknown");
    assertThat(Judged.template("mutable-tag", "{'containers': [{'name': 'app'}]}").state())
        .isEqualTo("unknown");
  }

  private static final String NO_PROBES =
      "{'containers': [{'name': 'app', 'ports': [{'containerPort': 80}]}]}";
  private static final String BOTH =
      "'readinessProbe': {'handler': 'http'}, 'livenessProbe': {'handler': 'tcp'}";

  @Test
  void a_container_without_probes_is_told_with_what_is_missing() {
    Judged judged = Judged.template("missing-health-probes", NO_PROBES);
    assertThat(judged.severities()).containsExactly(MEDIUM, MEDIUM, MEDIUM);
    assertThat(judged.evidence())
        .containsOnly(
            Map.entry("missing-readiness-probe", List.of("app")),
            Map.entry("missing-liveness-probe", List.of("app")));
  }

  @Test
  void one_probe_is_not_enough_and_a_startup_probe_is_none() {
    Judged readyOnly =
        Judged.template(
            "missing-health-probes",
            "{'containers': [{'name': 'app', 'readinessProbe': {'handler': 'http'}, 'startupProbe': {'handler': 'http'}}]}");
    assertThat(readyOnly.evidence()).containsOnlyKeys("missing-liveness-probe");
    assertThat(readyOnly.finding().severity()).isEqualTo(MEDIUM);
    Judged lively =
        Judged.template(
            "missing-health-probes",
            "{'containers': [{'name': 'app', 'ports': [{'containerPort': 80}], 'livenessProbe': {'handler': 'http'}}]}");
    assertThat(lively.finding().severity()).isEqualTo(MEDIUM);
    assertThat(lively.finding().message()).isEqualTo("No readiness probe: app");
  }

  @Test
  void a_container_without_ports_needs_readiness_too() {
    Judged judged =
        Judged.template(
            "missing-health-probes",
            "{'containers': [{'name': 'app', 'livenessProbe': {'handler': 'exec'}}]}");
    assertThat(judged.severities()).containsExactly(MEDIUM, MEDIUM, MEDIUM);
  }

  @Test
  void both_probes_pass_and_init_containers_need_none() {
    assertThat(
            Judged.template(
                    "missing-health-probes",
                    "{'initContainers': [{'name': 'init'}], 'containers': [{'name': 'app', %s}]}"
                        .formatted(BOTH))
                .state())
        .isEqualTo("pass");
  }

  @Test
  void a_sidecar_is_an_init_container_that_stays() {
    Judged judged =
        Judged.template(
            "missing-health-probes",
            "{'initContainers': [{'name': 'proxy', 'restartPolicy': 'Always'}], 'containers': [{'name': 'app', %s}]}"
                .formatted(BOTH));
    assertThat(judged.evidence()).containsEntry("missing-liveness-probe", List.of("proxy"));
  }

  @ParameterizedTest
  @CsvSource({
    "Job, not_applicable",
    "CronJob, not_applicable",
    "DaemonSet, fail",
    "StatefulSet, fail"
  })
  void what_is_meant_to_end_needs_no_probes(String kind, String state) {
    Workload workload = Clusters.workload(kind, "x", "'paused': false", NO_PROBES);
    assertThat(
            Judged.by("missing-health-probes", Clusters.of(workload))
                .on("ns/shop/" + kind + "/x")
                .state()
                .wireName())
        .isEqualTo(state);
  }

  @Test
  void a_privileged_container_is_high_everywhere() {
    Judged judged =
        Judged.template(
            "privileged-container",
            "{'initContainers': [{'name': 'init', 'securityContext': {'privileged': true}}], 'containers': [{'name': 'app', 'securityContext': {'privileged': false}}], 'ephemeralContainers': [{'name': 'debug', 'securityContext': {'privileged': true}}]}");
    assertThat(judged.severities()).containsExactly(HIGH, HIGH, HIGH);
    assertThat(judged.evidence()).containsEntry("containers", List.of("init", "debug"));
    assertThat(Judged.template("privileged-container", NO_PROBES).state()).isEqualTo("pass");
  }

  private static Judged history(String kind, String members) {
    Workload workload = Clusters.workload(kind, "web", members, NO_PROBES);
    return Judged.by("no-rollback-history", Clusters.of(workload));
  }

  @Test
  void no_history_leaves_nothing_to_go_back_to() {
    Judged none = history("Deployment", "'rollout': {'revisionHistoryLimit': 0}");
    assertThat(none.severities()).containsExactly(LOW, LOW, MEDIUM);
    assertThat(history("Deployment", "'rollout': {'revisionHistoryLimit': 1}").state())
        .isEqualTo("pass");
    assertThat(history("Deployment", "'rollout': {'strategy': 'Recreate'}").state())
        .isEqualTo("pass");
  }

  @Test
  void a_history_that_was_not_reported_is_unknown_and_a_job_has_none() {
    assertThat(history("Deployment", "'paused': false").state()).isEqualTo("unknown");
    assertThat(history("Job", "'paused': false").on("ns/shop/Job/web").state().wireName())
        .isEqualTo("not_applicable");
    for (String kind : List.of("StatefulSet", "DaemonSet")) {
      assertThat(
              history(kind, "'rollout': {'revisionHistoryLimit': 0}")
                  .on("ns/shop/" + kind + "/web")
                  .state()
                  .wireName())
          .isEqualTo("fail");
    }
  }
}
