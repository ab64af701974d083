package cx.niro.core.policy.rules;

import static cx.niro.core.Severity.LOW;
import static cx.niro.core.Severity.MEDIUM;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.Clusters;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComputeResourcesTest {
  private static final String FULL = "{'cpuMillis': 100, 'memoryBytes': 1024}";

  private static String app(String resources) {
    return "{'containers': [{'name': 'app'%s}]}".formatted(resources);
  }

  private static Judged requests(String resources) {
    return Judged.template("missing-resource-requests", app(resources));
  }

  private static Judged limits(String resources) {
    return Judged.template("missing-resource-limits", app(resources));
  }

  @Test
  void no_request_at_all_is_medium_and_names_both() {
    assertThat(requests("").severities()).containsExactly(MEDIUM, MEDIUM, MEDIUM);
    assertThat(requests("").evidence())
        .containsOnly(
            Map.entry("missing-cpu-request", List.of("app")),
            Map.entry("missing-memory-request", List.of("app")));
    assertThat(requests("").finding().message()).isEqualTo("No CPU or memory request: app");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ", 'requests': {'cpuMillis': 100}|missing-memory-request",
        ", 'requests': {'memoryBytes': 1}|missing-cpu-request",
        ", 'requests': {'cpuMillis': 0, 'memoryBytes': 1}|missing-cpu-request"
      })
  void half_a_request_names_the_other_half(String resources, String missing) {
    assertThat(requests(resources).evidence()).containsOnlyKeys(missing);
  }

  @Test
  void a_limit_sets_the_request_that_is_not_said_but_not_one_of_zero() {
    assertThat(requests(", 'limits': " + FULL).state()).isEqualTo("pass");
    assertThat(requests(", 'limits': %s, 'requests': {'cpuMillis': 50}".formatted(FULL)).state())
        .isEqualTo("pass");
    assertThat(
            requests(", 'limits': %s, 'requests': {'memoryBytes': 0}".formatted(FULL)).evidence())
        .containsOnlyKeys("missing-memory-request");
  }

  @Test
  void missing_limits_are_medium() {
    assertThat(limits(", 'requests': " + FULL).severities())
        .containsExactly(MEDIUM, MEDIUM, MEDIUM);
    assertThat(limits(", 'limits': " + FULL).state()).isEqualTo("pass");
    assertThat(limits(", 'limits': {'cpuMillis': 1}").finding().severity()).isEqualTo(MEDIUM);
  }

  @Test
  void a_cpu_limit_alone_that_is_missing_is_medium_too() {
    assertThat(limits(", 'limits': {'memoryBytes': 1}").severities())
        .containsExactly(MEDIUM, MEDIUM, MEDIUM);
    assertThat(limits(", 'limits': {'memoryBytes': 1}").evidence())
        .containsOnlyKeys("missing-cpu-limit");
  }

  @Test
  void amounts_for_the_whole_pod_count_for_each_container() {
    String template =
        "{'containers': [{'name': 'app'}, {'name': 'log'}], 'requests': %s, 'limits': {'memoryBytes': 9}}"
            .formatted(FULL);
    assertThat(Judged.template("missing-resource-requests", template).state()).isEqualTo("pass");
    assertThat(Judged.template("missing-resource-limits", template).evidence())
        .containsOnlyKeys("missing-cpu-limit");
    assertThat(Judged.template("best-effort-pod", template).state()).isEqualTo("pass");
  }

  @Test
  void init_containers_are_left_out_and_sidecars_are_not() {
    String template =
        "{'initContainers': [{'name': 'init'}, {'name': 'proxy', 'restartPolicy': 'Always'}], 'containers': [{'name': 'app', 'requests': %s}]}"
            .formatted(FULL);
    assertThat(Judged.template("missing-resource-requests", template).evidence())
        .containsEntry("missing-cpu-request", List.of("proxy"));
  }

  @Test
  void jobs_are_judged_as_everything_else() {
    for (String kind : List.of("Job", "CronJob")) {
      Workload job = Clusters.workload(kind, "x", "'paused': false", app(""));
      for (String rule : List.of("missing-resource-requests", "missing-resource-limits")) {
        assertThat(
                Judged.by(rule, Clusters.of(job)).on("ns/shop/" + kind + "/x").finding().severity())
            .isEqualTo(MEDIUM);
      }
    }
  }

  @Test
  void mirrors_of_static_pods_are_left_alone() {
    Pod mirror =
        Clusters.read(
            Pod.class,
            "{'meta': {'uid': 'p', 'namespace': 'shop', 'name': 'etcd-n1', 'annotations': {'kubernetes.io/config.mirror': 'x'}, 'owner': {'kind': 'Node', 'name': 'n1'}}, 'spec': %s, 'status': {'phase': 'Running'}}"
                .formatted(app("")));
    for (String rule :
        List.of(
            "missing-resource-requests",
            "missing-resource-limits",
            "best-effort-pod",
            "missing-health-probes",
            "bare-pod")) {
      assertThat(Judged.by(rule, Clusters.of(mirror)).on("ns/shop/Pod/etcd").state().wireName())
          .isEqualTo("not_applicable");
    }
  }

  @Test
  void a_pod_is_best_effort_when_no_container_asks_for_anything() {
    Judged judged = Judged.template("best-effort-pod", app(""));
    assertThat(judged.severities()).containsExactly(LOW, MEDIUM, MEDIUM);
    assertThat(Judged.template("best-effort-pod", app(", 'requests': {'cpuMillis': 0}")).state())
        .isEqualTo("fail");
    assertThat(Judged.template("best-effort-pod", app(", 'limits': {'memoryBytes': 1}")).state())
        .isEqualTo("pass");
    assertThat(
            Judged.template(
                    "best-effort-pod",
                    "{'initContainers': [{'name': 'init', 'requests': {'cpuMillis': 1}}], 'containers': [{'name': 'app'}]}")
                .state())
        .isEqualTo("pass");
  }

  @Test
  void a_template_that_was_not_reported_is_unknown() {
    Workload bare =
        Clusters.read(
            Workload.class,
            "{'meta': {'uid': 'u', 'namespace': 'shop', 'name': 'web'}, 'kind': 'Deployment'}");
    for (String rule :
        List.of("missing-resource-requests", "missing-resource-limits", "best-effort-pod")) {
      assertThat(Judged.by(rule, Clusters.of(bare)).state()).isEqualTo("unknown");
      assertThat(Judged.template(rule, "{'restartPolicy': 'Always'}").state()).isEqualTo("unknown");
    }
  }
}
