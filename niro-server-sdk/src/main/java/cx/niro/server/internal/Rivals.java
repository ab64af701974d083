package cx.niro.server.internal;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tells two agents that live at once from one whose beats come late, doubled or in another order: a
 * beat that was under way for long was also sent long ago. Times of sending are the cluster's clock
 * and are compared with each other only. In memory only.
 *
 * @param firstSentAt when the current process sent the first beat that was heard of it here
 * @param newestSentAt when it sent the newest accepted one
 * @param turns how often an older number was sent after the newest one, each time with an accepted
 *     beat in between, since turnsFrom
 * @param answered whether a beat was accepted since the last turn
 * @param seenAt when a second agent last gave itself away; null for never
 */
record Rivals(
    @Nullable Long firstSentAt,
    @Nullable Long newestSentAt,
    int turns,
    @Nullable Instant turnsFrom,
    boolean answered,
    @Nullable Instant seenAt) {
  static final Rivals NONE = new Rivals(null, null, 0, null, false, null);

  /** A clock that was set back looks like a turn, or two; two processes go on and on. */
  private static final int TURNS = 3;

  private static final Duration TURNS_WINDOW = Duration.ofMinutes(10);
  private static final Duration MEMORY = Duration.ofMinutes(2);

  /** Another process is current, or nobody knows. */
  Rivals renewed() {
    return new Rivals(null, null, 0, null, false, seenAt);
  }

  /** A beat of the current process was accepted. */
  Rivals accepted(long sentAt) {
    Long first = firstSentAt == null ? Long.valueOf(sentAt) : firstSentAt;
    return new Rivals(first, sentAt, turns, turnsFrom, true, seenAt);
  }

  /** A beat of the current boot id came with an older number than the newest. */
  Rivals wentBack(long sentAt, Instant now) {
    if (newestSentAt == null || sentAt <= newestSentAt || !answered) {
      return this;
    }
    boolean anew = turnsFrom == null || turnsFrom.plus(TURNS_WINDOW).isBefore(now);
    int next = anew ? 1 : turns + 1;
    Instant seen = next >= TURNS ? now : seenAt;
    return new Rivals(firstSentAt, newestSentAt, next, anew ? now : turnsFrom, false, seen);
  }

  /** A superseded process calls while the current one lives. */
  Rivals outlived(long sentAt, Duration handOver, Instant now) {
    boolean late = firstSentAt == null || sentAt - firstSentAt < handOver.toMillis();
    return late ? this : new Rivals(firstSentAt, newestSentAt, turns, turnsFrom, answered, now);
  }

  boolean seenLately(Instant now) {
    return seenAt != null && seenAt.plus(MEMORY).isAfter(now);
  }
}
