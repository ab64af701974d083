package cx.niro.server.internal.outbox;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Notice.Change;
import cx.niro.server.spi.Notice.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a channel is told of a group: the difference between what fires and what it was
 * told. So whatever was missed, held back or said twice on the way comes right with the next look.
 * The times are those of Alertmanager's route, and a 4 h repetition.
 */
final class GroupPlan {
  /** From a change to the message, in which more comes together and causes mute effects. */
  static final Duration WAIT = Duration.ofSeconds(30);

  /** Between messages that only say that it got better. */
  static final Duration INTERVAL = Duration.ofMinutes(5);

  /** Between messages about what still fires. */
  static final Duration REPEAT = Duration.ofHours(4);

  private final GroupState state;
  private final Audience audience;
  private final Instant now;
  private final Map<IncidentId, Notice.Incident> untouched = new LinkedHashMap<>();
  private final List<Notice.Incident> changes = new ArrayList<>();
  private final List<Notice.Incident> told = new ArrayList<>();
  private final List<Notice.Incident> nagging = new ArrayList<>();
  private final Set<ClusterId> clusters = new LinkedHashSet<>();
  private @Nullable Instant quietUntil;

  private GroupPlan(GroupState state, Audience audience, Instant now) {
    this.state = state;
    this.audience = audience;
    this.now = now;
    state.told().forEach(incident -> untouched.put(incident.id(), incident));
  }

  /**
   * An incident of the group.
   *
   * @param loud whether the channel may hear of it now
   * @param quietUntil when that changes by time alone
   */
  record Seen(
      Notice.Incident incident, boolean loud, boolean acknowledged, @Nullable Instant quietUntil) {}

  /** How a kind of channel wants to be told. */
  record Audience(int listed, boolean wantsAll, boolean wantsAcknowledgements) {
    static Audience of(String kind) {
      return switch (kind) {
        case "alertmanager" -> new Audience(200, true, false);
        case "pagerduty" -> new Audience(20, false, true);
        case "slack", "discord" -> new Audience(10, false, false);
        default -> new Audience(100, false, false);
      };
    }
  }

  /**
   * What to do.
   *
   * @param event null when there is nothing to tell
   * @param dueAt when to look again; null for not before the next mark
   */
  record Decision(
      @Nullable Event event,
      List<Notice.Incident> changes,
      GroupState next,
      @Nullable Instant dueAt) {}

  /** When a group is looked at that has to tell something since {@code at}. */
  static Instant due(GroupState state, boolean urgent, Instant at) {
    Instant waited = at.plus(WAIT);
    Instant sent = state.sentAt();
    return urgent || sent == null || sent.plus(INTERVAL).isBefore(waited)
        ? waited
        : sent.plus(INTERVAL);
  }

  static Decision decide(
      GroupState state,
      List<Seen> open,
      List<Notice.Incident> ended,
      Audience audience,
      Instant now) {
    GroupPlan plan = new GroupPlan(state, audience, now);
    open.forEach(plan::look);
    plan.changes.addAll(ended);
    return plan.decision();
  }

  private void look(Seen seen) {
    Notice.Incident before = untouched.remove(seen.incident().id());
    Notice.Incident now = seen.incident();
    if (before == null && seen.loud()) {
      tell(Change.OPENED, now);
    } else if (before == null) {
      holdBack(seen);
    } else if (seen.loud() && now.severity().compareTo(before.severity()) > 0) {
      raise(before, now);
    } else if (audience.wantsAcknowledgements()
        && seen.acknowledged()
        && before.change() != Change.ACKNOWLEDGED) {
      tell(Change.ACKNOWLEDGED, before);
    } else {
      keep(before);
      if (seen.loud() && !seen.acknowledged()) {
        nagging.add(before.as(Change.FIRING));
      }
    }
  }

  /** For Alertmanager another severity is another alert. */
  private void raise(Notice.Incident before, Notice.Incident after) {
    if (audience.wantsAll()) {
      changes.add(before.resolved(now, "severity raised"));
    }
    tell(Change.RAISED, after);
  }

  private void tell(Change change, Notice.Incident incident) {
    changes.add(incident.as(change));
    keep(incident.as(change));
  }

  private void keep(Notice.Incident incident) {
    told.add(incident);
    clusters.add(incident.cluster());
  }

  private void holdBack(Seen seen) {
    Instant until = seen.quietUntil();
    if (until != null) {
      quietUntil = quietUntil == null || until.isBefore(quietUntil) ? until : quietUntil;
      clusters.add(seen.incident().cluster());
    }
  }

  private Decision decision() {
    Event event = event();
    if (event == Event.REPEATED) {
      changes.addAll(nagging);
    }
    GroupState next = new GroupState(told, clusters, event == null ? state.sentAt() : now);
    return new Decision(event, changes, next, dueAt(next));
  }

  private @Nullable Event event() {
    if (changes.isEmpty()) {
      Instant sent = state.sentAt();
      boolean again = sent != null && !nagging.isEmpty() && !sent.plus(REPEAT).isAfter(now);
      return again ? Event.REPEATED : null;
    }
    if (has(Change.OPENED) || has(Change.RAISED)) {
      return Event.OPENED;
    }
    return has(Change.RESOLVED) ? Event.RESOLVED : Event.ACKNOWLEDGED;
  }

  private boolean has(Change change) {
    return changes.stream().anyMatch(incident -> incident.change() == change);
  }

  private @Nullable Instant dueAt(GroupState next) {
    Instant sent = next.sentAt();
    if (next.told().isEmpty() || sent == null) {
      return quietUntil;
    }
    Instant again = sent.plus(REPEAT).isAfter(now) ? sent.plus(REPEAT) : now.plus(REPEAT);
    return quietUntil == null || again.isBefore(quietUntil) ? again : quietUntil;
  }
}
