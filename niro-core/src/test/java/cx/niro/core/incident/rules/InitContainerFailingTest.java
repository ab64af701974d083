package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.DetectionRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitContainerFailingTest {
  private static final String SCOPE = "ns/shop/Deployment/web/container/prepare";

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new InitContainerFailing(Thresholds.standard()))));

  private static Terminated exit(int code, long seconds) {
    return new Terminated("Error", code, null, 1_000L, 1_000L + seconds * 1000, "no db", "cid");
  }

  private static APod old(ContainerStatus... init) {
    return APod.created(1L).init(init).with(Seen.waiting("app", "PodInitializing", 0, null));
  }

  private static ContainerStatus loops(int restarts, long ranSeconds) {
    return Seen.backingOff("prepare", restarts, exit(1, ranSeconds));
  }

  @ParameterizedTest
  @CsvSource({"1, 60, 60", "4, 10, 60", "5, 1, 60", "4, 9, 300", "1, 0, 300"})
  void opens_after_a_minute_or_five_when_it_gives_up_quickly(
      int restarts, long ranSeconds, int seconds) {
    run.sees(old(loops(restarts, ranSeconds)).alone()).passSeconds(seconds);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.openScopes()).containsExactly(SCOPE);
  }

  @ParameterizedTest
  @CsvSource({"2, 1, true", "1, 1, false", "2, 0, false"})
  void an_end_with_an_error_counts_after_two_restarts(int restarts, int code, boolean opens) {
    run.sees(old(Seen.ended("prepare", restarts, exit(code, 60))).alone()).passMinutes(2);
    assertThat(run.opened()).hasSize(opens ? 1 : 0);
  }

  @Test
  void an_end_without_an_exit_code_is_no_success() {
    Terminated lost = new Terminated("ContainerStatusUnknown", null, null, null, null, null, null);
    ContainerStatus status =
        new ContainerStatus("prepare", false, null, 2, null, null, null, null, lost, null);
    run.sees(old(status).alone()).passMinutes(2);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void running_between_two_failures_neither_starts_over_nor_resolves() {
    run.sees(old(loops(3, 60)).alone()).passSeconds(45);
    run.sees(old(Seen.unready("prepare", 4, exit(1, 60))).alone()).passSeconds(45);
    run.sees(old(loops(4, 60)).alone()).passSeconds(30);
    assertThat(run.story()).containsExactly("opened");
    run.sees(old(Seen.unready("prepare", 5, exit(1, 60))).alone()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void the_first_run_is_no_failure_however_long_it_takes() {
    run.sees(old(Seen.unready("prepare", 0, null)).alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void waiting_for_a_database_is_exempted_by_annotation() {
    APod pod = old(loops(9, 1)).annotated("niro.cx/exempt-init_container_failing");
    run.sees(pod.alone()).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_database_that_comes_within_five_minutes_is_in_time() {
    run.sees(old(loops(4, 1)).alone()).passSeconds(290);
    run.sees(old(Seen.ended("prepare", 4, exit(0, 1))).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_sidecar_is_no_init_container(boolean ownSpec) {
    Container sidecar = APod.container("prepare", "proxy:1", "Always", null);
    PodSpec spec = APod.spec(List.of(sidecar), List.of());
    APod pod = old(loops(9, 60));
    Workload web = APod.deployment(1, 1, 0, spec);
    Pod sent = ownSpec ? pod.asks(spec).pod() : pod.pod();
    run.sees(APod.cluster(List.of(), List.of(sent), List.of(web), List.of())).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void one_that_became_a_sidecar_resolves() {
    run.sees(old(loops(9, 60)).alone()).passMinutes(2);
    Container sidecar = APod.container("prepare", "proxy:1", "Always", null);
    PodSpec spec = APod.spec(List.of(sidecar), List.of());
    run.sees(old(loops(9, 60)).asks(spec).alone()).passSeconds(15);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_regular_container_is_none_either() {
    run.sees(APod.created(1L).with(loops(9, 60)).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void resolves_when_it_is_done() {
    run.sees(old(loops(3, 60)).alone()).passMinutes(2);
    run.sees(old(Seen.ended("prepare", 3, exit(0, 1))).alone()).passSeconds(15);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void resolves_when_the_pod_is_initialized() {
    run.sees(old(loops(3, 60)).alone()).passMinutes(2);
    APod again = old(Seen.unready("prepare", 3, exit(1, 60)));
    run.sees(again.says("Initialized", "True", null, 5L).alone()).passSeconds(15);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void does_not_resolve_while_the_pod_is_not_initialized() {
    run.sees(old(loops(3, 60)).alone()).passMinutes(2);
    APod again = old(Seen.unready("prepare", 3, exit(1, 60)));
    run.sees(again.says("Initialized", "False", null, 5L).alone()).passMinutes(30);
    assertThat(run.story()).containsExactly("opened");
  }

  @ParameterizedTest
  @CsvSource({"DEV, LOW", "STAGING, MEDIUM", "PRODUCTION, HIGH"})
  void severity_follows_the_environment(Environment environment, Severity severity) {
    run.in(environment).sees(old(loops(3, 60)).alone()).passMinutes(2);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void tells_how_it_ended() {
    run.sees(old(loops(3, 60)).alone()).passMinutes(2);
    assertThat(run.opened().get(0).summary())
        .isEqualTo(
            "Init container prepare of Deployment shop/web fails again and again, last with exit"
                + " code 1");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("message", List.of("no db"))
        .containsEntry("pods", List.of("web-p1"));
  }

  @Test
  void an_unknown_end_is_not_told() {
    run.sees(old(Seen.backingOff("prepare", 3, null)).alone()).passMinutes(2);
    assertThat(run.opened().get(0).summary()).endsWith("fails again and again");
    assertThat(run.opened().get(0).evidence()).doesNotContainKey("message");
  }
}
