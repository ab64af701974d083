package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.policy.Exemption;
import cx.niro.core.policy.PolicyEngine;
import cx.niro.core.policy.PolicyProfile;
import cx.niro.core.policy.PolicyRule;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus.State;
import cx.niro.core.testkit.Clusters;
import cx.niro.core.testkit.Snapshots;
import cx.niro.server.Clusters.ClusterChange;
import cx.niro.server.Policies;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.FindingFilter;
import cx.niro.server.spi.FindingRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.TimelineEntry;
import cx.niro.server.testkit.CrashingStores;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Findings through a whole server. */
class FindingTest {
  private static final String CONTAINER =
      "{'name': 'app', 'image': 'ghcr.io/acme/app:1.0', 'securityContext': {'privileged': %s}}";
  private static final ClusterSnapshot PRIVILEGED = web("true");
  private static final ClusterSnapshot PLAIN = web("false");

  private final CrashingStores stores = new CrashingStores(MemoryStores.create());
  private FleetFixture fleet;
  private Member edge;

  private static ClusterSnapshot web(String privileged) {
    String template = "{'containers': [" + CONTAINER.formatted(privileged) + "]}";
    return Clusters.of(Snapshots.hashed(Clusters.deployment(template)));
  }

  @BeforeEach
  void begins() {
    fleet = new FleetFixture(stores);
    edge = fleet.member("edge");
  }

  private void beats(ClusterSnapshot snapshot) {
    edge.agent().sees(snapshot);
    fleet.beatFor(Duration.ofSeconds(15), edge.agent());
  }

  private List<FindingRow> findings(boolean exempt) {
    FindingFilter filter = new FindingFilter(Set.of(), Set.of(), Set.of(), exempt);
    return fleet.server.policies().findings(Set.of(edge.id()), filter, Page.Request.FIRST).items();
  }

  private List<String> rules(boolean exempt) {
    return findings(exempt).stream().map(row -> row.finding().rule().value()).toList();
  }

  private List<TimelineEntry> timeline(String kind) {
    return fleet.server.fleet().timeline(edge.id(), Set.of(kind), Page.Request.FIRST).items();
  }

  private void says(PolicyProfile profile, Exemption... exemptions) {
    Policies.Said said = new Policies.Said(profile, Map.of(), List.of(exemptions));
    fleet.server.policies().update(edge.id(), said, "ada");
  }

  @Test
  void appear_with_the_content_and_clear_when_it_is_mended() {
    beats(PRIVILEGED);
    assertThat(rules(false)).contains("privileged-container");
    assertThat(fleet.view(edge.id()).findings()).containsEntry(Severity.HIGH, 1);
    beats(PLAIN);
    assertThat(rules(false)).isNotEmpty().doesNotContain("privileged-container");
    assertThat(fleet.view(edge.id()).findings()).doesNotContainKey(Severity.HIGH);
  }

  @Test
  void are_one_line_of_the_timeline_for_each_evaluation_and_direction() {
    beats(PRIVILEGED);
    assertThat(timeline("findings_appeared")).hasSize(1);
    TimelineEntry line = timeline("findings_appeared").get(0);
    assertThat(line.details()).containsEntry("count", String.valueOf(findings(false).size()));
    assertThat(line.details().get("findings"))
        .startsWith("high privileged-container ns/shop/Deployment/web\n");
    beats(PLAIN);
    assertThat(timeline("findings_cleared").get(0).summary())
        .isEqualTo("A finding cleared: privileged-container ns/shop/Deployment/web");
  }

  @Test
  void cost_no_transaction_while_they_stay_the_same() {
    beats(PRIVILEGED);
    fleet.beatFor(Duration.ofMinutes(1), edge.agent());
    int before = stores.transactions();
    fleet.beatFor(Duration.ofMinutes(1), edge.agent());
    edge.agent().sees(web("true"));
    edge.agent().beat();
    assertThat(stores.transactions() - before).isLessThanOrEqualTo(fleetTransactions());
    assertThat(timeline("findings_appeared")).hasSize(1);
  }

  /** What the server's own timers do in that time, and one step of detection. */
  private int fleetTransactions() {
    int before = stores.transactions();
    fleet.pass(Duration.ofMinutes(1));
    return stores.transactions() - before + 1;
  }

  @Test
  void of_a_workload_that_is_not_reported_any_more_stay_while_the_list_is_partial() {
    beats(PRIVILEGED);
    beats(Clusters.with(Clusters.of(), Section.WORKLOADS, State.PARTIAL));
    assertThat(rules(false)).contains("privileged-container");
    beats(Clusters.of());
    assertThat(rules(false)).isEmpty();
  }

  @Test
  void follow_the_environment_with_the_next_heartbeat() {
    beats(PRIVILEGED);
    assertThat(severityOf("pss-allow-privilege-escalation")).isEqualTo(Severity.LOW);
    fleet
        .server
        .clusters()
        .update(
            edge.id(), new ClusterChange(null, Environment.PRODUCTION, null, null, null), "ada");
    fleet.beatFor(Duration.ofSeconds(15), edge.agent());
    assertThat(severityOf("pss-allow-privilege-escalation")).isEqualTo(Severity.MEDIUM);
    assertThat(timeline("findings_appeared")).hasSize(1);
  }

  private Severity severityOf(String rule) {
    return findings(false).stream()
        .filter(row -> row.finding().rule().value().equals(rule))
        .map(row -> row.finding().severity())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void that_are_exempt_are_kept_with_the_reason_and_come_back_without_it() {
    beats(PRIVILEGED);
    says(
        PolicyProfile.BASELINE,
        Exemption.workload("shop", "web", "drives a camera").from("privileged-container"));
    fleet.beatFor(Duration.ofSeconds(15), edge.agent());
    assertThat(rules(false)).doesNotContain("privileged-container");
    assertThat(findings(true)).extracting(FindingRow::exemption).containsOnly("drives a camera");
    assertThat(timeline("findings_cleared")).hasSize(1);
    says(PolicyProfile.BASELINE);
    fleet.beatFor(Duration.ofSeconds(15), edge.agent());
    assertThat(rules(false)).contains("privileged-container");
    assertThat(findings(true)).isEmpty();
    assertThat(timeline("settings_changed")).hasSize(2);
    assertThat(timeline("settings_changed").get(1).details())
        .containsEntry("actor", "ada")
        .containsEntry("exemptionsAdded", "[drives a camera]");
  }

  @Test
  void follow_what_people_say_at_once_also_in_a_silent_cluster_and_after_a_restart() {
    beats(PRIVILEGED);
    fleet.pass(Duration.ofHours(1));
    says(PolicyProfile.BASELINE, Exemption.workload("shop", "web", "drives a camera"));
    assertThat(rules(false)).isEmpty();
    assertThat(fleet.view(edge.id()).findings()).isEmpty();
    fleet.crashAndRestart(Duration.ofSeconds(20));
    says(PolicyProfile.BASELINE);
    assertThat(rules(false)).contains("privileged-container");
  }

  @Test
  void of_the_standards_are_gone_when_the_profile_is_off() {
    beats(PRIVILEGED);
    assertThat(rules(false)).anyMatch(rule -> rule.startsWith("pss-"));
    says(PolicyProfile.OFF);
    fleet.beatFor(Duration.ofSeconds(15), edge.agent());
    assertThat(rules(false)).isNotEmpty().noneMatch(rule -> rule.startsWith("pss-"));
  }

  @Test
  void survive_a_restart_and_are_told_once() {
    beats(PRIVILEGED);
    List<FindingRow> before = findings(false);
    fleet.crashAndRestart(Duration.ofSeconds(20));
    FakeAgent agent = fleet.agentAfterRestart(edge.agent());
    fleet.beatFor(Duration.ofMinutes(1), agent);
    assertThat(findings(false)).isEqualTo(before);
    assertThat(fleet.view(edge.id()).findings()).containsEntry(Severity.HIGH, 1);
    assertThat(timeline("findings_appeared")).hasSize(1);
    assertThat(timeline("findings_cleared")).isEmpty();
  }

  @Test
  void of_a_repeated_beat_are_told_once() {
    edge.agent().sees(PRIVILEGED);
    edge.agent().beat();
    edge.agent().sendAgain();
    edge.agent().sendAgain();
    assertThat(timeline("findings_appeared")).hasSize(1);
  }

  @Test
  void are_bounded_whatever_a_cluster_reports() {
    List<PolicyRule> rules = PolicyEngine.standard().rules();
    assertThat(rules).hasSizeGreaterThan(20);
    String template = "{'containers': [" + CONTAINER.formatted("true") + "]}";
    Resource[] many = new Resource[1_500];
    for (int i = 0; i < many.length; i++) {
      many[i] =
          Snapshots.hashed(
              Clusters.workload("Deployment", "web-" + i, "'desiredReplicas': 2", template));
    }
    beats(Clusters.of(many));
    int open = fleet.view(edge.id()).findings().values().stream().mapToInt(Integer::intValue).sum();
    assertThat(open).isEqualTo(5_000);
    assertThat(timeline("findings_appeared")).hasSize(1);
    assertThat(timeline("findings_appeared").get(0).details().get("findings").split("\n"))
        .hasSize(20);
  }
}
