package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.Node;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodRestartingTest {
  private static final String SCOPE = "ns/shop/Deployment/web/container/app";

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new PodRestarting(Thresholds.standard()))));
  private int restarts = 7;

  private static APod old() {
    return APod.created(1L).phase("Running");
  }

  /** The end of a run of ten minutes. */
  private static Terminated ran(int code, long finishedAt) {
    return ran(code, finishedAt, 600);
  }

  private static Terminated ran(int code, long finishedAt, int seconds) {
    String reason = code == 0 ? "Completed" : "Error";
    return new Terminated(
        reason, code, null, finishedAt - seconds * 1000L, finishedAt, null, "cid");
  }

  private void wellFor(int minutes) {
    run.sees(old().with(Seen.running("app", restarts, null)).alone()).passMinutes(minutes);
  }

  /** One more restart, now. */
  private void fails(int code) {
    restarts++;
    Terminated end = ran(code, clusterMillis(run.now()));
    run.sees(old().with(Seen.running("app", restarts, end)).alone());
  }

  private void failsEvery(Duration time, int times) {
    for (int i = 0; i < times; i++) {
      run.pass(time);
      fails(1);
    }
    run.passSeconds(15);
  }

  @ParameterizedTest
  @CsvSource({"3, 1800, true", "2, 1800, false", "3, 1815, false"})
  void three_failures_within_an_hour_open(int times, int seconds, boolean opens) {
    wellFor(5);
    failsEvery(Duration.ofSeconds(seconds), times);
    assertThat(run.openScopes()).hasSize(opens ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({"6, 17280, true", "5, 17280, false", "6, 17295, false"})
  void six_failures_within_a_day_open(int times, int seconds, boolean opens) {
    wellFor(5);
    failsEvery(Duration.ofSeconds(seconds), times);
    assertThat(run.openScopes()).hasSize(opens ? 1 : 0);
  }

  @Test
  void is_over_two_hours_after_the_last_failure() {
    wellFor(5);
    failsEvery(Duration.ofMinutes(20), 3);
    assertThat(run.openScopes()).containsExactly(SCOPE);
    run.passSeconds(7200 - 15 - 1);
    assertThat(run.story()).containsExactly("opened");
    run.passSeconds(16);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
    run.passMinutes(24 * 60);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void each_failure_starts_the_two_hours_again() {
    wellFor(5);
    failsEvery(Duration.ofMinutes(20), 3);
    failsEvery(Duration.ofMinutes(110), 1);
    run.passMinutes(115);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(6);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void goes_on_while_the_pod_is_replaced() {
    wellFor(5);
    failsEvery(Duration.ofMinutes(20), 3);
    run.sees(old().uid("p2").with(Seen.running("app", 0, null)).alone()).passMinutes(119);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void ends_without_an_error_do_not_count() {
    wellFor(5);
    for (int i = 0; i < 9; i++) {
      run.passMinutes(5);
      fails(0);
    }
    run.passMinutes(1);
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"179, 0", "180, 1"})
  void short_runs_are_left_to_the_rule_about_crash_loops(int seconds, int incidents) {
    wellFor(5);
    for (int i = 1; i <= 3; i++) {
      run.passMinutes(10);
      Terminated end = ran(1, clusterMillis(run.now()), seconds);
      run.sees(old().with(Seen.running("app", restarts + i, end)).alone());
    }
    run.passMinutes(1);
    assertThat(run.opened()).hasSize(incidents);
  }

  @Test
  void runs_whose_times_are_not_known_count() {
    wellFor(5);
    Terminated end = new Terminated("Error", 1, null, null, null, null, "cid");
    for (int i = 1; i <= 3; i++) {
      run.passMinutes(10);
      run.sees(old().with(Seen.running("app", restarts + i, end)).alone());
    }
    run.passMinutes(1);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void what_happened_before_it_was_seen_is_no_news() {
    restarts = 250;
    fails(1);
    run.passMinutes(1);
    failsEvery(Duration.ofMinutes(5), 2);
    assertThat(run.transitions()).isEmpty();
    failsEvery(Duration.ofMinutes(5), 1);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void a_pod_that_came_after_the_first_look_counts_from_zero() {
    wellFor(5);
    Terminated end = ran(1, clusterMillis(run.now()));
    APod pod = APod.created(run.ago(Duration.ofMinutes(5))).uid("p2").phase("Running");
    run.sees(pod.with(Seen.running("app", 2, end)).alone()).passSeconds(15);
    run.sees(
            APod.created(1L)
                .uid("p2")
                .phase("Running")
                .with(Seen.running("app", 3, ran(1, clusterMillis(run.now()))))
                .alone())
        .passSeconds(15);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void many_restarts_in_one_sample_count_as_two() {
    wellFor(5);
    restarts += 20;
    fails(1);
    run.passSeconds(15);
    assertThat(run.transitions()).isEmpty();
    failsEvery(Duration.ofMinutes(5), 1);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void failures_of_a_long_silence_are_no_news() {
    wellFor(5);
    failsEvery(Duration.ofMinutes(20), 1);
    run.goesSilent().passMinutes(30);
    restarts += 2;
    Terminated end = ran(1, run.ago(Duration.ofMinutes(15)));
    run.sees(old().with(Seen.running("app", restarts, end)).alone()).comesBack().passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_count_that_goes_down_begins_anew() {
    wellFor(5);
    failsEvery(Duration.ofMinutes(5), 2);
    restarts = 0;
    failsEvery(Duration.ofMinutes(5), 2);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void pods_of_jobs_retry_by_design() {
    for (int i = 0; i < 9; i++) {
      Terminated end = ran(1, clusterMillis(run.now()));
      run.sees(old().of("Job").with(Seen.running("app", i, end)).alone()).passMinutes(5);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"boot-2, 0", "boot-1, 1"})
  void restarts_of_a_reboot_do_not_count(String bootAfter, int incidents) {
    onNode("boot-1", 7, 1);
    run.passMinutes(15);
    for (int i = 8; i <= 10; i++) {
      onNode(bootAfter, i, 255);
      run.passSeconds(60);
    }
    run.passMinutes(60);
    assertThat(run.opened()).hasSize(incidents);
  }

  private void onNode(String bootId, int count, int code) {
    Node node = Seen.node("n1", "True", 1L, 1L, null, bootId);
    Terminated end = ran(code, clusterMillis(run.now()));
    run.sees(
        Seen.cluster(List.of(node), List.of(old().with(Seen.running("app", count, end)).pod())));
  }

  @Test
  void pods_on_a_node_that_is_not_ready_say_nothing() {
    for (int i = 0; i < 9; i++) {
      Terminated end = ran(1, clusterMillis(run.now()));
      run.sees(old().with(Seen.running("app", i, end)).onNode("False")).passMinutes(5);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void failed_pods_are_left_alone() {
    for (int i = 0; i < 9; i++) {
      Terminated end = ran(1, clusterMillis(run.now()));
      run.sees(old().phase("Failed").with(Seen.running("app", i, end)).alone()).passMinutes(5);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void survives_a_restart_of_the_server_and_a_time_in_which_pods_cannot_be_listed() {
    wellFor(5);
    failsEvery(Duration.ofMinutes(10), 2);
    run.serverStops().passMinutes(5).serverStarts().passMinutes(2);
    run.sees(Seen.failed()).passMinutes(2);
    failsEvery(Duration.ofMinutes(5), 1);
    assertThat(run.story()).containsExactly("opened");
  }

  @ParameterizedTest
  @CsvSource({"DEV, LOW", "STAGING, LOW", "PRODUCTION, MEDIUM"})
  void severity_follows_the_environment(Environment environment, Severity severity) {
    run.in(environment);
    wellFor(5);
    failsEvery(Duration.ofMinutes(5), 3);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void tells_how_it_ended() {
    wellFor(5);
    failsEvery(Duration.ofMinutes(5), 3);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Container app of Deployment shop/web fails from time to time");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("lastEnd", List.of("exit code 1 (Error)"))
        .containsEntry("pods", List.of("web-p1"));
  }
}
