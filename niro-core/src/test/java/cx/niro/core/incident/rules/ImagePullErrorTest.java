package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.IncidentTransition.Opened;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.ContainerStatus.Waiting;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagePullErrorTest {
  private static final String SCOPE = "ns/shop/Deployment/web/container/app";
  private static final String IMAGE = "ghcr.io/acme/denied-tool:2";
  private static final PodSpec SPEC = APod.spec(List.of(), List.of(APod.container("app", IMAGE)));

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new ImagePullError(Thresholds.standard()))));

  private static ContainerStatus app(String reason, @Nullable String message) {
    return app(reason, message, null, null);
  }

  private static ContainerStatus app(
      String reason,
      @Nullable String message,
      @Nullable String imageId,
      @Nullable Terminated last) {
    Waiting waiting = new Waiting(reason, message);
    return new ContainerStatus("app", false, false, 0, imageId, null, waiting, null, null, last);
  }

  private APod young() {
    return APod.created(clusterMillis(run.now())).asks(SPEC);
  }

  private APod old() {
    return APod.created(1L).asks(SPEC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ErrImagePull",
        "ImagePullBackOff",
        "ImageInspectError",
        "RegistryUnavailable",
        "SignatureValidationFailed"
      })
  void opens_two_minutes_after_the_pod_was_taken_up(String reason) {
    run.passSeconds(10);
    run.sees(young().with(app(reason, "what")).alone()).passSeconds(119);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.openScopes()).containsExactly(SCOPE);
  }

  @ParameterizedTest
  @CsvSource({"InvalidImageName, invalid_name", "ErrImageNeverPull, never_pull"})
  void opens_at_once_when_trying_again_cannot_help(String reason, String cause) {
    run.sees(old().with(app(reason, null)).alone()).passSeconds(1);
    assertThat(run.opened()).hasSize(1);
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of(cause));
  }

  @Test
  void a_pod_that_has_failed_for_long_opens_at_the_second_sample() {
    run.sees(Seen.pods()).passMinutes(5);
    run.sees(old().with(app("ImagePullBackOff", null)).alone()).passSeconds(16);
    assertThat(run.openScopes()).containsExactly(SCOPE);
  }

  @Test
  void time_counts_from_the_end_of_the_init_containers() {
    run.passMinutes(20);
    ContainerStatus done = Seen.ended("prepare", 0, Seen.exit(0, clusterMillis(run.now())));
    run.sees(old().init(done).with(app("ErrImagePull", "what")).alone()).passSeconds(119);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void time_counts_from_the_last_end_of_a_container_that_ran() {
    run.passMinutes(20);
    Terminated last = Seen.exit(1, clusterMillis(run.now()));
    run.sees(old().with(app("ErrImagePull", "what", "sha256:1", last)).alone()).passSeconds(119);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void a_pull_secret_that_comes_within_two_minutes_is_in_time() {
    run.sees(young().with(app("ErrImagePull", "unauthorized")).alone()).passSeconds(110);
    run.sees(young().with(Seen.running("app", 0, null)).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ContainerCreating", "PodInitializing", "CreateContainerConfigError"})
  void waiting_for_something_else_is_not_a_pull_error(String reason) {
    run.sees(old().with(app(reason, null)).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"DEV, LOW", "STAGING, MEDIUM", "UNSPECIFIED, MEDIUM", "PRODUCTION, HIGH"})
  void severity_follows_the_environment(Environment environment, Severity severity) {
    run.in(environment).sees(old().with(app("ErrImagePull", "x")).alone()).passMinutes(3);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 1, 3, MEDIUM",
    "5, 2, 3, MEDIUM",
    "4, 1, 2, HIGH",
    "4, 4, 3, HIGH",
    "1, 1, 0, HIGH",
    "2, 1, 1, MEDIUM"
  })
  void is_lower_while_the_replicas_of_the_version_before_are_all_available(
      int total, int updated, int available, Severity severity) {
    Workload web = APod.deployment(total, updated, available, null);
    Pod pod = old().with(app("ErrImagePull", "x")).pod();
    run.in(Environment.PRODUCTION)
        .sees(APod.cluster(List.of(), List.of(pod), List.of(web), List.of()))
        .passMinutes(3);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void nothing_is_lower_than_low() {
    Workload web = APod.deployment(2, 1, 1, null);
    Pod pod = old().with(app("ErrImagePull", "x")).pod();
    run.in(Environment.DEV)
        .sees(APod.cluster(List.of(), List.of(pod), List.of(web), List.of()))
        .passMinutes(3);
    assertThat(run.opened().get(0).severity()).isEqualTo(Severity.LOW);
  }

  @ParameterizedTest
  @CsvSource({", 1, 1", "2, , 1", "2, 1, "})
  void replicas_that_were_not_sent_change_nothing(
      @Nullable Integer total, @Nullable Integer updated, @Nullable Integer available) {
    Workload web = APod.deployment(total, updated, available, null);
    Pod pod = old().with(app("ErrImagePull", "x")).pod();
    run.sees(APod.cluster(List.of(), List.of(pod), List.of(web), List.of())).passMinutes(3);
    assertThat(run.opened().get(0).severity()).isEqualTo(Severity.MEDIUM);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "manifest for acme/x:1 not found: manifest unknown | not_found",
        "failed to resolve reference \"r.io/x509:tls\": r.io/x:1: not found | not_found",
        "pull access denied, repository does not exist or may require authorization"
            + " | unauthorized",
        "unexpected status from HEAD request to https://ghcr.io/v2/a: 401 Unauthorized"
            + " | unauthorized",
        "no basic auth credentials | unauthorized",
        "429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate"
            + " limit | rate_limited",
        "dial tcp: lookup registry.corp on 10.43.0.10:53: no such host | dns",
        "dial tcp: lookup r.corp: read udp 10.42.0.5:41234->10.43.0.10:53: i/o timeout | dns",
        "tls: failed to verify certificate: x509: certificate signed by unknown authority | tls",
        "http: server gave HTTP response to HTTPS client | tls",
        "net/http: request canceled (Client.Timeout exceeded while awaiting headers) | timeout",
        "dial tcp 10.0.0.9:443: i/o timeout | timeout",
        "dial tcp 10.0.0.9:443: connect: connection refused | unreachable",
        "no match for platform in manifest: not found | arch_mismatch",
        "short read: unexpected EOF | other"
      })
  void the_message_is_understood(String message, String cause) {
    run.sees(old().with(app("ErrImagePull", message)).alone()).passMinutes(3);
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of(cause));
  }

  @Test
  void tells_the_image_the_cause_and_the_pods() {
    String message =
        "Back-off pulling image \"ghcr.io/acme/denied-tool:2\": ErrImagePull: rpc error: read tcp"
            + " 10.0.0.1:53422->1.2.3.4:443: connection reset by peer";
    run.sees(old().with(app("ImagePullBackOff", message)).alone()).passMinutes(3);
    Opened opened = run.opened().get(0);
    assertThat(opened.summary())
        .isEqualTo(
            "Container app of Deployment shop/web cannot pull its image: the registry cannot be"
                + " reached");
    assertThat(opened.evidence())
        .containsEntry("reason", List.of("unreachable"))
        .containsEntry("image", List.of(IMAGE))
        .containsEntry(
            "message",
            List.of("rpc error: read tcp 10.0.0.1->1.2.3.4:443: connection reset by peer"))
        .containsEntry("pods", List.of("web-p1"));
  }

  @Test
  void the_image_is_found_in_the_workload_when_the_pod_comes_without_its_own_spec() {
    Pod pod = APod.created(1L).with(app("ErrImagePull", "x")).pod();
    Workload web = APod.deployment(1, 1, 0, SPEC);
    run.sees(APod.cluster(List.of(), List.of(pod), List.of(web), List.of())).passMinutes(3);
    assertThat(run.opened().get(0).evidence()).containsEntry("image", List.of(IMAGE));
  }

  @Test
  void an_image_that_was_not_sent_is_left_out() {
    run.sees(APod.created(1L).with(app("ErrImagePull", "x")).alone()).passMinutes(3);
    assertThat(run.opened().get(0).evidence()).doesNotContainKey("image");
  }

  /** As kubelets before 1.32 do: the cause is said while trying, and not while backing off. */
  @Test
  void going_to_and_fro_between_trying_and_backing_off_is_one_quiet_incident() {
    ContainerStatus trying = app("ErrImagePull", "rpc error: 401 Unauthorized");
    ContainerStatus waiting = app("ImagePullBackOff", "Back-off pulling image \"" + IMAGE + "\"");
    Instant start = run.now();
    long created = clusterMillis(start);
    run.sees(
            at -> {
              boolean tries = Duration.between(start, at).toSeconds() % 90 < 15;
              return APod.created(created).with(tries ? trying : waiting).alone();
            })
        .passMinutes(120);
    assertThat(run.story()).containsExactly("opened");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("reason", List.of("unauthorized"))
        .doesNotContainKey("message");
  }

  @Test
  void the_cause_is_taken_from_the_newest_event_when_the_kubelet_leaves_it_out() {
    String said = "Failed to pull image \"" + IMAGE + "\": ";
    Pod pod = old().with(app("ImagePullBackOff", "Back-off pulling image \"x\"")).pod();
    List<WarningEvent> events =
        List.of(
            APod.event("Failed", said + "i/o timeout", 1L, 5L),
            APod.event("Failed", said + "manifest unknown", 1L, 7L),
            APod.event("Failed", said + "no such host", 1L, 6L),
            APod.event("Failed", "Error: ImagePullBackOff", 1L, 9L),
            APod.event("p1", "spec.containers{other}", "Failed", said + "x509: no", 1L, 9L),
            APod.event("p2", "spec.containers{app}", "Failed", said + "x509: no", 1L, 9L),
            APod.event("BackOff", said + "x509: no", 1L, 9L));
    run.sees(APod.cluster(List.of(), List.of(pod), List.of(), events)).passMinutes(3);
    assertThat(run.opened().get(0).evidence())
        .containsEntry("reason", List.of("not_found"))
        .containsEntry("message", List.of("manifest unknown"));
  }

  @Test
  void nobody_knowing_the_cause_is_said() {
    run.sees(old().with(app("ImagePullBackOff", null)).alone()).passMinutes(3);
    assertThat(run.opened().get(0).summary()).endsWith("image: the kubelet does not say why");
    assertThat(run.opened().get(0).evidence()).containsEntry("reason", List.of("other"));
  }

  @Test
  void another_cause_is_told_once() {
    run.sees(old().with(app("ErrImagePull", "i/o timeout")).alone()).passMinutes(5);
    run.sees(old().with(app("ErrImagePull", "manifest unknown")).alone()).passMinutes(30);
    assertThat(run.story()).containsExactly("opened", "updated");
  }

  @Test
  void an_image_that_is_there_resolves_it_after_a_minute() {
    open();
    run.sees(old().with(Seen.running("app", 0, null)).alone()).passSeconds(60);
    assertThat(run.story()).containsExactly("opened");
    run.passSeconds(15);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @ParameterizedTest
  @CsvSource({"'', false", "sha256:1, true"})
  void a_container_that_waits_for_something_else_resolves_it_once_it_has_an_image(
      String imageId, boolean resolves) {
    open();
    ContainerStatus next = app("CrashLoopBackOff", null, imageId, null);
    run.sees(old().with(next).alone()).passMinutes(30);
    assertThat(run.resolved()).hasSize(resolves ? 1 : 0);
  }

  @Test
  void an_end_is_proof_of_an_image_too() {
    open();
    run.sees(old().with(Seen.ended("app", 0, Seen.exit(1, 5L))).alone()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void creating_the_container_again_does_not_resolve_it() {
    open();
    run.sees(old().uid("p2").with(app("ContainerCreating", null)).alone()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void one_replica_that_still_fails_keeps_it_open() {
    open();
    Pod well = old().uid("p2").with(Seen.running("app", 0, null)).pod();
    Pod sick = old().with(app("ErrImagePull", "x")).pod();
    ClusterSnapshot both = Seen.pods(well, sick);
    run.sees(both).passMinutes(60);
    assertThat(run.resolved()).isEmpty();
  }

  @Test
  void the_conservative_profile_waits_an_hour() {
    DetectionRun slow =
        DetectionRun.of(DetectionEngine.of(List.of(new ImagePullError(Thresholds.conservative()))));
    slow.sees(old().with(app("ErrImagePull", "x")).alone()).passMinutes(59);
    assertThat(slow.transitions()).isEmpty();
    slow.passMinutes(2);
    assertThat(slow.opened()).hasSize(1);
  }

  private void open() {
    run.sees(old().with(app("ErrImagePull", "x")).alone()).passMinutes(3);
    assertThat(run.story()).containsExactly("opened");
  }
}
