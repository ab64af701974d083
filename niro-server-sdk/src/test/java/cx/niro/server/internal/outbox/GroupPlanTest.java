package cx.niro.server.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.core.Severity;
import cx.niro.server.internal.outbox.GroupPlan.Audience;
import cx.niro.server.internal.outbox.GroupPlan.Decision;
import cx.niro.server.internal.outbox.GroupPlan.Seen;
import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Notice.Change;
import cx.niro.server.spi.Notice.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GroupPlanTest {
  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");
  private static final Audience PEOPLE = Audience.of("slack");

  private static Notice.Incident incident(String id, Severity severity) {
    return new Notice.Incident(
        Change.FIRING,
        new IncidentId(id),
        new ClusterId("edge"),
        "edge",
        "node_not_ready",
        "node/" + id,
        severity,
        "Node " + id + " is not ready",
        NOW,
        null,
        null);
  }

  private static Seen loud(String id, Severity severity) {
    return new Seen(incident(id, severity), true, false, null);
  }

  private static Seen quiet(String id, @Nullable Instant until) {
    return new Seen(incident(id, Severity.HIGH), false, false, until);
  }

  private static Seen acknowledged(String id) {
    return new Seen(incident(id, Severity.LOW), true, true, null);
  }

  private static GroupState told(Instant sentAt, String... ids) {
    List<Notice.Incident> told =
        java.util.Arrays.stream(ids)
            .map(id -> incident(id, Severity.LOW).as(Change.OPENED))
            .toList();
    return new GroupState(told, Set.of(new ClusterId("edge")), sentAt);
  }

  private static Decision decide(GroupState state, Seen... open) {
    return GroupPlan.decide(state, List.of(open), List.of(), PEOPLE, NOW);
  }

  private static List<Change> changes(Decision decision) {
    return decision.changes().stream().map(Notice.Incident::change).toList();
  }

  @Test
  void what_was_not_told_is_opened_and_repeated_4_hours_later() {
    Decision decision = decide(GroupState.NEW, loud("a", Severity.LOW), loud("b", Severity.HIGH));
    assertThat(decision.event()).isEqualTo(Event.OPENED);
    assertThat(changes(decision)).containsExactly(Change.OPENED, Change.OPENED);
    assertThat(decision.next().told()).hasSize(2);
    assertThat(decision.dueAt()).isEqualTo(NOW.plus(Duration.ofHours(4)));
  }

  @Test
  void nothing_is_told_twice_before_its_time() {
    Decision decision = decide(told(NOW.minusSeconds(60), "a"), loud("a", Severity.LOW));
    assertThat(decision.event()).isNull();
    assertThat(decision.dueAt()).isEqualTo(NOW.minusSeconds(60).plus(Duration.ofHours(4)));
  }

  @Test
  void what_still_fires_after_4_hours_is_told_again_unless_somebody_cares() {
    GroupState old = told(NOW.minus(Duration.ofHours(4)), "a", "b");
    Decision decision = decide(old, loud("a", Severity.LOW), acknowledged("b"));
    assertThat(decision.event()).isEqualTo(Event.REPEATED);
    assertThat(decision.changes()).hasSize(1);
    Decision cared = decide(told(old.sentAt(), "b"), acknowledged("b"));
    assertThat(cared.event()).isNull();
    assertThat(cared.dueAt()).isEqualTo(NOW.plus(Duration.ofHours(4)));
  }

  @Test
  void what_got_worse_is_told_and_what_got_better_is_not() {
    Decision worse = decide(told(NOW, "a"), loud("a", Severity.HIGH));
    assertThat(worse.event()).isEqualTo(Event.OPENED);
    assertThat(changes(worse)).containsExactly(Change.RAISED);
    assertThat(decide(worse.next(), loud("a", Severity.LOW)).event()).isNull();
  }

  @Test
  void quiet_ones_are_not_told_and_keep_what_was_told() {
    Decision decision = decide(told(NOW, "a"), quiet("a", null), quiet("b", null));
    assertThat(decision.event()).isNull();
    assertThat(decision.next().told()).hasSize(1);
    assertThat(decide(GroupState.NEW, quiet("b", null)).dueAt()).isNull();
  }

  @Test
  void a_silence_that_ends_is_looked_at_when_it_ends() {
    Instant end = NOW.plusSeconds(600);
    Decision decision = decide(GroupState.NEW, quiet("b", end));
    assertThat(decision.event()).isNull();
    assertThat(decision.dueAt()).isEqualTo(end);
    assertThat(decision.next().clusters()).containsExactly(new ClusterId("edge"));
  }

  @Test
  void an_end_is_told_and_the_group_forgotten() {
    Notice.Incident end = incident("a", Severity.LOW).resolved(NOW, "cleared");
    Decision decision = GroupPlan.decide(told(NOW, "a"), List.of(), List.of(end), PEOPLE, NOW);
    assertThat(decision.event()).isEqualTo(Event.RESOLVED);
    assertThat(decision.next().told()).isEmpty();
    assertThat(decision.dueAt()).isNull();
  }

  @Test
  void only_who_wants_it_hears_of_an_acknowledgement_and_once() {
    assertThat(decide(told(NOW, "a"), acknowledged("a")).event()).isNull();
    Audience pagerduty = Audience.of("pagerduty");
    Decision first =
        GroupPlan.decide(told(NOW, "a"), List.of(acknowledged("a")), List.of(), pagerduty, NOW);
    assertThat(first.event()).isEqualTo(Event.ACKNOWLEDGED);
    assertThat(
            GroupPlan.decide(first.next(), List.of(acknowledged("a")), List.of(), pagerduty, NOW)
                .event())
        .isNull();
  }

  @Test
  void for_alertmanager_another_severity_ends_the_alert_and_opens_another() {
    Decision raised =
        GroupPlan.decide(
            told(NOW, "a"),
            List.of(loud("a", Severity.HIGH)),
            List.of(),
            Audience.of("alertmanager"),
            NOW);
    assertThat(changes(raised)).containsExactly(Change.RESOLVED, Change.RAISED);
    assertThat(raised.changes().get(0).severity()).isEqualTo(Severity.LOW);
  }

  @Test
  void news_waits_30_seconds_and_an_end_for_the_group_interval() {
    assertThat(GroupPlan.due(GroupState.NEW, false, NOW)).isEqualTo(NOW.plusSeconds(30));
    GroupState fresh = told(NOW.minusSeconds(60), "a");
    assertThat(GroupPlan.due(fresh, true, NOW)).isEqualTo(NOW.plusSeconds(30));
    assertThat(GroupPlan.due(fresh, false, NOW)).isEqualTo(NOW.plusSeconds(240));
    assertThat(GroupPlan.due(told(NOW.minusSeconds(600), "a"), false, NOW))
        .isEqualTo(NOW.plusSeconds(30));
  }

  @Test
  void a_state_is_read_as_it_was_written_and_garbage_as_none() {
    GroupState state = told(NOW, "a", "b");
    assertThat(GroupState.parse(state.text())).isEqualTo(state);
    assertThat(GroupState.parse("{\"told\":7}")).isEqualTo(GroupState.NEW);
  }
}
