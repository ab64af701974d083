package cx.niro.server.internal;

import cx.niro.core.incident.BeatFacts;
import cx.niro.core.incident.BeatWatch;
import cx.niro.core.incident.NodeLoads;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeartbeatReply;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was heard of a cluster, in memory only.
 *
 * @param lastBeatAt receipt of the last beat that counted as alive
 * @param sequence of the newest accepted beat of the current boot
 * @param reply to that beat, given again to an exact repeat; null when another process gave it
 * @param rivals whether more than one agent was heard
 * @param arrivals how the beats arrived
 */
record Hearing(
    @Nullable Instant lastBeatAt,
    long sequence,
    @Nullable HeartbeatReply reply,
    Rivals rivals,
    Arrivals arrivals) {

  static Hearing since(@Nullable Instant lastBeatAt, long sequence) {
    return new Hearing(lastBeatAt, sequence, null, Rivals.NONE, Arrivals.NONE);
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
    return new Hearing(lastBeatAt, from, null, rivals.renewed(), arrivals);
  }

  /** The same after a beat at another server: what was answered and counted here is void. */
  Hearing elsewhere(Instant at) {
    return new Hearing(at, sequence, null, rivals, Arrivals.NONE);
  }

  Hearing with(Arrivals next) {
    return new Hearing(lastBeatAt, sequence, reply, rivals, next);
  }

  Hearing with(Rivals next) {
    return new Hearing(lastBeatAt, sequence, reply, next, arrivals);
  }

  Hearing alive(Instant now) {
    Arrivals excused =
        new Arrivals(arrivals.watch().refused(now), arrivals.loads(), arrivals.judged());
    return new Hearing(now, sequence, reply, rivals, excused);
  }

  Hearing accepted(Instant now, Heartbeat beat, HeartbeatReply answer) {
    Rivals next = rivals.accepted(beat.timing().sentAt());
    return new Hearing(now, beat.sequence(), answer, next, arrivals);
  }
}
