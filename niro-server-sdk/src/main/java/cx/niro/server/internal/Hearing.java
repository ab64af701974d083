package cx.niro.server.internal;

import cx.niro.core.incident.BeatFacts;
import cx.niro.core.incident.BeatWatch;
import cx.niro.core.incident.NodeLoads;
import cx.niro.core.protocol.HeartbeatReply;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was heard of a cluster, in memory only.
 *
 * @param lastBeatAt receipt of the last beat that counted as alive
 * @param sequence of the newest accepted beat of the current boot
 * @param reply to that beat, given again to an exact repeat; null when another process gave it
 * @param duplicateAt when a second agent process last gave itself away; null for never
 * @param staleBeats beats of the current boot that came with an older number, since staleFrom
 * @param arrivals how the beats arrived
 */
record Hearing(
    @Nullable Instant lastBeatAt,
    long sequence,
    @Nullable HeartbeatReply reply,
    @Nullable Instant duplicateAt,
    int staleBeats,
    @Nullable Instant staleFrom,
    Arrivals arrivals) {
  /** One beat that was delayed on its way, or two, are nothing; a clone goes on and on. */
  private static final int STALE_BEATS = 3;

  private static final Duration STALE_WINDOW = Duration.ofMinutes(10);
  private static final Duration DUPLICATE_MEMORY = Duration.ofMinutes(2);

  static Hearing since(@Nullable Instant lastBeatAt, long sequence) {
    return new Hearing(lastBeatAt, sequence, null, null, 0, null, Arrivals.NONE);
  }

  /**
   * How the beats arrived, and what the nodes use by them.
   *
   * @param judged what the last evaluation was told of it
   */
  record Arrivals(BeatWatch watch, NodeLoads loads, BeatFacts judged) {
    static final Arrivals NONE = new Arrivals(BeatWatch.EMPTY, NodeLoads.NONE, BeatFacts.UNKNOWN);

    BeatFacts facts() {
      return watch.facts().with(loads);
    }

    Arrivals judgedNow() {
      return new Arrivals(watch, loads, facts());
    }
  }

  /** The same after the session was read or replaced: what was said to it is void. */
  Hearing renewed(long from) {
    return new Hearing(lastBeatAt, from, null, null, 0, null, arrivals);
  }

  Hearing with(Arrivals next) {
    return new Hearing(lastBeatAt, sequence, reply, duplicateAt, staleBeats, staleFrom, next);
  }

  Hearing alive(Instant now) {
    Arrivals excused =
        new Arrivals(arrivals.watch().refused(now), arrivals.loads(), arrivals.judged());
    return new Hearing(now, sequence, reply, duplicateAt, staleBeats, staleFrom, excused);
  }

  Hearing accepted(Instant now, long sequence, HeartbeatReply reply) {
    return new Hearing(now, sequence, reply, duplicateAt, staleBeats, staleFrom, arrivals);
  }

  Hearing duplicate(Instant now) {
    return new Hearing(lastBeatAt, sequence, reply, now, staleBeats, staleFrom, arrivals);
  }

  /** A beat came with an older sequence. */
  Hearing stale(Instant now) {
    Instant from = staleFrom;
    if (from == null || from.plus(STALE_WINDOW).isBefore(now)) {
      return new Hearing(lastBeatAt, sequence, reply, duplicateAt, 1, now, arrivals);
    }
    Instant duplicate = staleBeats + 1 >= STALE_BEATS ? now : duplicateAt;
    return new Hearing(lastBeatAt, sequence, reply, duplicate, staleBeats + 1, from, arrivals);
  }

  boolean sawDuplicate(Instant now) {
    return duplicateAt != null && duplicateAt.plus(DUPLICATE_MEMORY).isAfter(now);
  }
}
