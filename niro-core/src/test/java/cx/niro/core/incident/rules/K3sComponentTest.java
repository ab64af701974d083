package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class K3sComponentTest {
  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new K3sComponent(Thresholds.standard()))));

  private static AWorkload component(String name, int wants, int has) {
    return AWorkload.of("Deployment").named("kube-system", name).pods(wants, has);
  }

  private static ClusterSnapshot k3s(AWorkload workload) {
    return of("k3s", workload.alone());
  }

  private static ClusterSnapshot of(@Nullable String distribution, ClusterSnapshot seen) {
    ClusterInfo info =
        new ClusterInfo(null, null, distribution, null, null, Capabilities.NONE, null);
    return new ClusterSnapshot(info, seen.sections(), seen.objects());
  }

  private void open() {
    run.sees(k3s(component("coredns", 1, 0))).passMinutes(4);
    assertThat(run.openScopes()).containsExactly("ns/kube-system/Deployment/coredns");
  }

  @Test
  void opens_when_none_is_available_for_three_minutes() {
    run.sees(k3s(component("coredns", 1, 1))).passMinutes(5);
    AWorkload down =
        component("coredns", 1, 0).says("Available", "False", "MinimumReplicasUnavailable", null);
    run.sees(k3s(down)).passSeconds(179);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("The k3s component coredns has no available pod");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("component", List.of("coredns"))
        .containsEntry("message", List.of("says MinimumReplicasUnavailable"));
  }

  @Test
  void nobody_hears_twice_of_a_component_that_is_down() {
    DetectionRun both =
        DetectionRun.of(
            DetectionEngine.of(
                List.of(
                    new K3sComponent(Thresholds.standard()),
                    new DeploymentUnavailable(Thresholds.standard()))));
    both.sees(k3s(component("coredns", 1, 1))).passMinutes(5);
    both.sees(k3s(component("coredns", 1, 0))).passSeconds(179);
    assertThat(both.transitions()).isEmpty();
    both.passSeconds(20);
    assertThat(both.story()).containsExactly("opened", "opened", "suppressed");
    assertThat(both.heard())
        .containsExactly("k3s_component_unhealthy ns/kube-system/Deployment/coredns");
  }

  @ParameterizedTest
  @CsvSource({
    "coredns,DEV,MEDIUM", "coredns,STAGING,HIGH", "coredns,PRODUCTION,HIGH",
    "metrics-server,DEV,LOW", "local-path-provisioner,STAGING,MEDIUM", "traefik,PRODUCTION,MEDIUM"
  })
  void names_are_worse_than_the_rest(String name, Environment environment, Severity severity) {
    run.in(environment).sees(k3s(component(name, 1, 0))).passMinutes(4);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void resolves_after_a_minute_with_one_available() {
    open();
    run.sees(k3s(component("coredns", 2, 1))).passSeconds(59);
    assertThat(run.story()).containsExactly("opened");
    run.passSeconds(20);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_component_that_was_switched_off_is_not_missed() {
    run.sees(of("k3s", AWorkload.cluster())).passMinutes(30);
    run.sees(k3s(component("coredns", 0, 0))).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rke2", "eks"})
  void other_distributions_are_not_read(String distribution) {
    run.sees(of(distribution, component("coredns", 1, 0).alone())).passMinutes(30);
    run.sees(of(null, component("coredns", 1, 0).alone())).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void deployments_of_others_are_not_read() {
    run.sees(k3s(component("my-proxy", 1, 0))).passMinutes(30);
    run.sees(k3s(component("x", 1, 0).named("shop", "coredns"))).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_new_cluster_has_three_minutes_more() {
    long born = run.ago(Duration.ZERO);
    run.sees(k3s(component("coredns", 1, 0).createdAt(born))).passSeconds(355);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void stays_frozen_while_nobody_can_tell() {
    open();
    run.sees(AWorkload.partial(AWorkload.cluster())).passMinutes(60);
    run.sees(AWorkload.failed()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_deleted_one_resolves_as_such() {
    open();
    run.sees(of("k3s", AWorkload.cluster())).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved object_deleted");
  }
}
