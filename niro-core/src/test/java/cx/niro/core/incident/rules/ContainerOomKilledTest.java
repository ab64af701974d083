package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.Resources;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerOomKilledTest {
  private static final String SCOPE = "ns/shop/Deployment/web/container/app";

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new ContainerOomKilled())));

  private static Terminated oom(long at) {
    return new Terminated("OOMKilled", 137, null, at - 1, at, null, "cid");
  }

  private Terminated oomNow() {
    return oom(clusterMillis(run.now()));
  }

  private static APod old() {
    return APod.created(1L).phase("Running");
  }

  private void killedNow() {
    run.sees(old().with(Seen.running("app", 1, oomNow())).alone());
  }

  @Test
  void opens_at_once_and_is_over_an_hour_later() {
    run.passMinutes(5);
    killedNow();
    run.passSeconds(15);
    assertThat(run.openScopes()).containsExactly(SCOPE);
    run.passSeconds(3600 - 15 - 1);
    assertThat(run.story()).containsExactly("opened");
    run.passSeconds(16);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void one_that_is_still_down_counts_too() {
    run.sees(old().with(Seen.ended("app", 0, oomNow())).alone()).passSeconds(15);
    assertThat(run.openScopes()).containsExactly(SCOPE);
  }

  @ParameterizedTest
  @CsvSource({"599, true", "600, false"})
  void an_end_that_is_shown_for_ever_is_news_for_ten_minutes(int secondsAgo, boolean opens) {
    run.passMinutes(20);
    APod pod = old().with(Seen.running("app", 1, oom(run.ago(Duration.ofSeconds(secondsAgo - 1)))));
    run.sees(pod.alone()).passMinutes(5);
    assertThat(run.opened()).hasSize(opens ? 1 : 0);
  }

  @Test
  void exit_code_137_alone_does_not_tell() {
    Terminated killed =
        new Terminated("Error", 137, null, 1L, clusterMillis(run.now()), null, "cid");
    run.sees(old().with(Seen.running("app", 1, killed)).alone()).passMinutes(5);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void an_end_without_a_time_says_nothing() {
    Terminated when = new Terminated("OOMKilled", 137, null, null, null, null, "cid");
    run.sees(old().with(Seen.running("app", 1, when)).alone()).passMinutes(5);
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1800, MEDIUM", "1785, HIGH"})
  void a_second_time_within_half_an_hour_is_one_severity_higher(int later, Severity severity) {
    run.passMinutes(5);
    killedNow();
    run.passSeconds(later);
    killedNow();
    run.passSeconds(30);
    assertThat(run.story()).startsWith("opened");
    Severity last =
        run.updated().isEmpty() ? run.opened().get(0).severity() : run.updated().get(0).severity();
    assertThat(last).isEqualTo(severity);
  }

  @Test
  void a_crash_between_does_not_hide_the_first_time() {
    run.passMinutes(5);
    killedNow();
    run.passMinutes(2);
    Terminated crash = Seen.exit(1, clusterMillis(run.now()));
    run.sees(old().with(Seen.running("app", 2, crash)).alone()).passMinutes(2);
    killedNow();
    run.passMinutes(2);
    assertThat(run.updated().get(0).severity()).isEqualTo(Severity.HIGH);
  }

  @Test
  void two_replicas_are_a_second_time() {
    run.passMinutes(5);
    APod other = old().uid("p2").with(Seen.running("app", 1, oom(run.ago(Duration.ofMinutes(3)))));
    run.sees(Seen.pods(old().with(Seen.running("app", 1, oomNow())).pod(), other.pod()))
        .passSeconds(15);
    assertThat(run.opened()).hasSize(1);
    assertThat(run.opened().get(0).severity()).isEqualTo(Severity.HIGH);
    assertThat(run.opened().get(0).evidence()).containsEntry("pods", List.of("web-p1", "web-p2"));
  }

  @Test
  void a_third_time_an_hour_of_quiet_later_is_a_new_incident() {
    run.passMinutes(5);
    killedNow();
    run.passMinutes(61);
    killedNow();
    run.passMinutes(61);
    assertThat(run.story())
        .containsExactly("opened", "resolved cleared", "opened", "resolved cleared");
  }

  @Test
  void each_time_starts_the_hour_again_also_when_the_pod_is_gone() {
    run.passMinutes(5);
    killedNow();
    run.passMinutes(50);
    killedNow();
    run.passSeconds(15);
    run.sees(Seen.pods()).passMinutes(59);
    assertThat(run.resolved()).isEmpty();
    run.passMinutes(2);
    assertThat(run.resolved()).hasSize(1);
  }

  @Test
  void a_pod_younger_than_a_minute_waits_for_it() {
    run.passMinutes(5);
    APod pod = APod.created(clusterMillis(run.now())).phase("Running");
    run.sees(pod.with(Seen.running("app", 1, oomNow())).alone()).passSeconds(59);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void failed_pods_count_unless_they_are_of_a_job() {
    run.sees(old().phase("Failed").of("Job").with(Seen.ended("app", 0, oomNow())).alone())
        .passMinutes(2);
    assertThat(run.transitions()).isEmpty();
    run.sees(old().phase("Failed").with(Seen.ended("app", 0, oomNow())).alone()).passMinutes(1);
    assertThat(run.openScopes()).containsExactly(SCOPE);
  }

  @Test
  void pods_on_a_node_that_is_not_ready_say_nothing() {
    run.sees(old().with(Seen.running("app", 1, oomNow())).onNode("Unknown")).passMinutes(5);
    assertThat(run.transitions()).isEmpty();
    run.sees(old().with(Seen.running("app", 1, oomNow())).onNode("True")).passMinutes(1);
    assertThat(run.opened()).hasSize(1);
  }

  @Test
  void nothing_changes_while_pods_cannot_be_listed() {
    killedNow();
    run.passMinutes(1).sees(Seen.failed()).passMinutes(120);
    assertThat(run.story()).containsExactly("opened");
  }

  @ParameterizedTest
  @CsvSource({"DEV, LOW", "STAGING, MEDIUM", "PRODUCTION, HIGH"})
  void severity_follows_the_environment(Environment environment, Severity severity) {
    run.in(environment);
    killedNow();
    run.passSeconds(15);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }

  @Test
  void tells_the_limit() {
    Container app = APod.container("app", "a:1");
    Container limited =
        new Container(
            app.name(),
            app.image(),
            null,
            null,
            null,
            new Resources(null, 256L << 20, null, null),
            List.of(),
            null,
            null,
            null,
            null,
            null,
            List.of(),
            null,
            null);
    ContainerStatus status = Seen.running("app", 1, oomNow());
    run.sees(old().asks(APod.spec(List.of(), List.of(limited))).with(status).alone())
        .passSeconds(15);
    assertThat(run.opened().get(0).summary())
        .isEqualTo("Container app of Deployment shop/web was killed for want of memory");
    assertThat(run.opened().get(0).evidence())
        .containsEntry("memoryLimit", List.of("256 MiB"))
        .containsEntry("pods", List.of("web-p1"));
  }

  @Test
  void a_limit_that_is_not_set_is_not_told() {
    killedNow();
    run.passSeconds(15);
    assertThat(run.opened().get(0).evidence()).doesNotContainKey("memoryLimit");
  }
}
