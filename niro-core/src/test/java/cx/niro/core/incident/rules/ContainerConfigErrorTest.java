package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.ContainerStatus.Waiting;
import cx.niro.core.testkit.DetectionRun;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerConfigErrorTest {
  private static final String SCOPE = "ns/shop/Deployment/web/container/app";

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new ContainerConfigError(Thresholds.standard()))));

  private static ContainerStatus waits(
      String reason, @Nullable String message, @Nullable Terminated last) {
    Waiting waiting = new Waiting(reason, message);
    return new ContainerStatus("app", false, false, 3, "img", null, waiting, null, null, last);
  }

  private static ContainerStatus refused(@Nullable String message) {
    return waits("CreateContainerConfigError", message, null);
  }

  private static Terminated ended(String reason, @Nullable String message) {
    return new Terminated(reason, 128, null, 5L, 5L, message, "cid");
  }

  private static APod old() {
    return APod.created(1L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CreateContainerConfigError",
        "CreateContainerError",
        "RunContainerError",
        "PreCreateHookError",
        "PreStartHookError",
        "PostStartHookError",
        "ContainerCannotRun"
      })
  void opens_a_minute_after_the_kubelet_could_begin(String reason) {
    run.passMinutes(5);
    APod pod = APod.created(clusterMillis(run.now())).with(waits(reason, "no", null));
    run.sees(pod.alone()).passSeconds(60);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(15);
    assertThat(run.openScopes()).containsExactly(SCOPE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ContainerCannotRun", "StartError"})
  void a_container_that_never_started_is_refused_too(String reason) {
    Terminated end = ended(reason, "exec: \"nope\": executable file not found in $PATH");
    run.sees(old().with(Seen.ended("app", 3, end)).alone()).passMinutes(2);
    run.sees(old().with(waits("CrashLoopBackOff", "back-off 40s", end)).alone()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("reason", List.of("command_not_found"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ContainerCreating", "PodInitializing", "ErrImagePull"})
  void waiting_for_something_else_is_none_and_resolves_none(String reason) {
    run.sees(old().with(waits(reason, null, null)).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
    run.sees(old().with(refused("no")).alone()).passMinutes(2);
    run.sees(old().with(waits(reason, null, null)).alone()).passMinutes(30);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_config_map_that_comes_seconds_later_is_in_time() {
    APod pod = APod.created(clusterMillis(run.now()));
    run.sees(pod.with(refused("configmap \"a\" not found")).alone()).passSeconds(45);
    run.sees(old().with(Seen.running("app", 0, null)).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_crash_is_none() {
    Terminated crash = Seen.exit(1, 5L);
    run.sees(old().with(Seen.ended("app", 3, crash)).alone()).passMinutes(2);
    run.sees(old().with(waits("CrashLoopBackOff", null, crash)).alone()).passMinutes(30);
    run.sees(old().with(waits("CrashLoopBackOff", null, null)).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void one_that_runs_now_is_none_whatever_it_was_before() {
    ContainerStatus runs = Seen.running("app", 4, ended("StartError", "x"));
    run.sees(old().with(runs).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void running_or_crashing_for_a_minute_resolves_it(boolean runs) {
    run.sees(old().with(refused("no")).alone()).passMinutes(2);
    ContainerStatus next =
        runs ? Seen.running("app", 4, null) : waits("CrashLoopBackOff", null, Seen.exit(1, 5L));
    run.sees(old().with(next).alone()).passSeconds(60);
    assertThat(run.resolved()).isEmpty();
    run.passSeconds(15);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @ParameterizedTest
  @CsvSource({"DEV, LOW", "STAGING, MEDIUM", "PRODUCTION, HIGH"})
  void severity_follows_the_environment(Environment environment, Severity severity) {
    run.in(environment).sees(old().with(refused("no")).alone()).passMinutes(2);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "configmap \"app\" not found | missing_config_map",
        "secret \"db\" not found | missing_secret",
        "couldn't find key password in Secret shop/db | missing_key",
        "container has runAsNonRoot and image will run as root | runs_as_root",
        "exec: \"nope\": executable file not found in $PATH: unknown | command_not_found",
        "exec: \"/a\": permission denied: unknown | not_permitted",
        "failed to reserve container name \"a\": name \"a\" is reserved for \"f0\" | name_in_use",
        "something new | other"
      })
  void the_message_is_understood(String message, String cause) {
    run.sees(old().with(refused(message)).alone()).passMinutes(2);
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of(cause));
  }

  @Test
  void tells_what_the_kubelet_said() {
    run.sees(old().with(refused("configmap \"app\" not found")).alone()).passMinutes(2);
    assertThat(run.opened().get(0).summary())
        .isEqualTo(
            "Container app of Deployment shop/web cannot be started: a ConfigMap is missing");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("message", List.of("configmap \"app\" not found"))
        .containsEntry("pods", List.of("web-p1"));
  }

  @Test
  void nothing_said_is_told_as_such() {
    run.sees(old().with(refused(null)).alone()).passMinutes(2);
    assertThat(run.opened().get(0).summary()).endsWith("cannot be started: the kubelet refuses it");
    assertThat(run.opened().get(0).evidence()).doesNotContainKey("message");
  }
}
