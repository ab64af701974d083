package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterInfo.ApiHealth;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.SectionStatus.State;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code agent_restart_loop}, {@code inventory_incomplete}, {@code api_server_unreachable} and
 * {@code certificate_expiring}.
 */
class ClusterRulesTest {
  private static final ApiHealth WELL = new ApiHealth(true, true, 0, null);

  private static DetectionRun run(IncidentRule rule) {
    return DetectionRun.of(DetectionEngine.of(List.of(rule))).sees(api(WELL, "1.0")).passMinutes(5);
  }

  private static ClusterInfo info(@Nullable ApiHealth api, String version, @Nullable Long started) {
    return new ClusterInfo(version, "v1.31", "k3s", null, started, Capabilities.NONE, api);
  }

  private static ClusterSnapshot api(@Nullable ApiHealth api, String version) {
    return new ClusterSnapshot(info(api, version, null), Map.of(), Inventory.EMPTY);
  }

  // agent_restart_loop

  private static DetectionRun restarting(int times, int minutesBetween) {
    DetectionRun run = run(new AgentRestartLoop(Thresholds.standard()));
    for (int i = 0; i < times; i++) {
      run.agentRestarts().passMinutes(minutesBetween);
    }
    return run;
  }

  @Test
  void three_new_agents_in_a_quarter_are_a_loop_until_one_goes_on_for_half_an_hour() {
    DetectionRun run = restarting(3, 5);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(24);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_loop_that_got_slower_stays_open() {
    DetectionRun run = restarting(3, 5);
    for (int i = 0; i < 5; i++) {
      run.agentRestarts().passMinutes(20);
    }
    assertThat(run.story()).containsExactly("opened");
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "20, 8"})
  void a_few_restarts_or_rare_ones_are_nothing(int times, int minutes) {
    assertThat(restarting(times, minutes).story()).isEmpty();
  }

  @Test
  void upgrades_do_not_count() {
    DetectionRun run = run(new AgentRestartLoop(Thresholds.standard()));
    for (int i = 0; i < 6; i++) {
      run.agentRestarts().sees(api(WELL, "1." + i)).passMinutes(2);
    }
    assertThat(run.story()).isEmpty();
  }

  @Test
  void restarts_before_and_after_a_restart_of_the_server_add_up() {
    DetectionRun run = restarting(2, 2).serverStops().passMinutes(2).serverStarts();
    run.agentRestarts().passMinutes(1);
    assertThat(run.story()).containsExactly("opened");
  }

  // inventory_incomplete

  private static ClusterSnapshot section(Section section, State state, @Nullable Long started) {
    SectionStatus status = new SectionStatus(state, null, 0, "forbidden");
    return new ClusterSnapshot(
        info(WELL, "1.0", started), Map.of(section, status), Inventory.EMPTY);
  }

  private static DetectionRun incomplete() {
    return run(new InventoryIncomplete(Thresholds.standard()));
  }

  @ParameterizedTest
  @EnumSource(
      value = State.class,
      names = {"PARTIAL", "ERROR"})
  void a_section_that_is_not_whole_opens_after_ten_minutes(State state) {
    DetectionRun run = incomplete().sees(section(Section.PODS, state, null)).passMinutes(10);
    assertThat(run.story()).isEmpty();
    run.passMinutes(1);
    assertThat(run.openScopes()).containsExactly("section/pods");
    run.sees(section(Section.PODS, State.COMPLETE, null)).passSeconds(29);
    assertThat(run.story()).containsExactly("opened");
    run.passSeconds(30);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @ParameterizedTest
  @CsvSource({"PODS, OFF", "PODS, COMPLETE", "EVENTS, PARTIAL"})
  void what_is_off_or_cut_on_purpose_is_nothing(Section section, State state) {
    assertThat(incomplete().sees(section(section, state, null)).passMinutes(60).story()).isEmpty();
  }

  @Test
  void an_agent_that_starts_reads_its_sections_one_by_one() {
    DetectionRun run = incomplete();
    for (int i = 0; i < 12; i++) {
      long started = run.ago(Duration.ZERO);
      run.sees(section(Section.PODS, State.ERROR, started)).passSeconds(100);
    }
    assertThat(run.story()).isEmpty();
    run.passMinutes(11);
    assertThat(run.story()).containsExactly("opened");
  }

  // api_server_unreachable

  @ParameterizedTest
  @CsvSource({"false, , 5", "true, false, 0"})
  void an_api_server_that_is_not_well_opens_after_two_minutes(
      boolean reachable, @Nullable Boolean ready, int failures) {
    DetectionRun run = run(new ApiServerUnreachable(Thresholds.standard()));
    ApiHealth health = new ApiHealth(reachable, ready, failures, null);
    run.in(Environment.PRODUCTION).sees(api(health, "1.0")).passSeconds(119);
    assertThat(run.story()).isEmpty();
    run.passSeconds(40);
    assertThat(run.opened()).extracting(one -> one.severity()).containsExactly(Severity.HIGH);
    run.sees(api(WELL, "1.0")).passMinutes(1);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_restart_of_a_single_server_is_nothing() {
    DetectionRun run = run(new ApiServerUnreachable(Thresholds.standard()));
    for (int i = 0; i < 5; i++) {
      run.sees(api(new ApiHealth(false, null, i, null), "1.0")).passSeconds(80);
      run.sees(api(WELL, "1.0")).passMinutes(5);
    }
    assertThat(run.story()).isEmpty();
  }

  @Test
  void not_knowing_leaves_it_as_it_is() {
    DetectionRun run = run(new ApiServerUnreachable(Thresholds.standard()));
    run.sees(api(new ApiHealth(false, false, 9, null), "1.0")).passMinutes(5);
    run.sees(api(null, "1.0")).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
    assertThat(
            run(new ApiServerUnreachable(Thresholds.standard()))
                .sees(api(new ApiHealth(true, null, 0, null), "1.0"))
                .passMinutes(60)
                .story())
        .isEmpty();
  }

  // certificate_expiring

  private static DetectionRun expiring(Duration left) {
    DetectionRun run = run(new CertificateExpiring(Thresholds.standard()));
    Instant at = run.now().plus(left);
    ApiHealth health = new ApiHealth(true, true, 0, DetectionRun.clusterMillis(at));
    return run.sees(api(health, "1.0"));
  }

  @Test
  void it_is_told_a_month_a_week_and_a_day_before() {
    DetectionRun run = expiring(Duration.ofDays(31)).passMinutes(60);
    assertThat(run.story()).isEmpty();
    run.pass(Duration.ofDays(1));
    assertThat(run.story()).containsExactly("opened");
    run.pass(Duration.ofDays(30));
    assertThat(run.story()).containsExactly("opened", "updated", "updated");
    assertThat(run.opened().get(0).severity()).isEqualTo(Severity.LOW);
    assertThat(run.updated())
        .extracting(one -> one.severity())
        .containsExactly(Severity.MEDIUM, Severity.HIGH);
  }

  @Test
  void a_new_certificate_resolves_it_at_once() {
    DetectionRun run = expiring(Duration.ofHours(-1)).passMinutes(1);
    assertThat(run.opened()).extracting(one -> one.severity()).containsExactly(Severity.HIGH);
    long renewed = DetectionRun.clusterMillis(run.now().plus(Duration.ofDays(365)));
    run.sees(api(new ApiHealth(true, true, 0, renewed), "1.0")).passMinutes(1);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void a_cluster_that_does_not_say_is_left_as_it_is() {
    DetectionRun run = expiring(Duration.ofDays(3)).passMinutes(1);
    run.sees(api(WELL, "1.0")).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @ParameterizedTest
  @CsvSource({"9223372036854775807", "-9223372036854775808", "0"})
  void nonsense_does_no_harm(long expiresAt) {
    DetectionRun run = run(new CertificateExpiring(Thresholds.standard()));
    run.sees(api(new ApiHealth(true, true, 0, expiresAt), "1.0")).passMinutes(60);
    assertThat(run.story().size()).isLessThan(2);
  }
}
