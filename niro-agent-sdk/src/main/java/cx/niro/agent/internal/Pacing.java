package cx.niro.agent.internal;

import cx.niro.core.protocol.AgentSettings;
import cx.niro.core.protocol.Protocol;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the server asked for, held within reason, and when the next beat is due. Pure.
 *
 * @param slots commands that the server wants this agent to take at a time
 */
record Pacing(Duration interval, Duration pollWait, int slots) {
  static final Pacing DEFAULT =
      new Pacing(Protocol.HEARTBEAT_INTERVAL, Protocol.POLL_WAIT, Protocol.POLL_SLOTS);

  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
  static final Duration LONGEST_INTERVAL = Duration.ofMinutes(15);
  private static final int MOST_SLOTS = 64;

  /**
   * With what {@code settings} says; absent settings stay, and no server can make an agent spin.
   */
  Pacing with(@Nullable AgentSettings settings) {
    if (settings == null) {
      return this;
    }
    Long millis = settings.heartbeatIntervalMillis();
    Integer wait = settings.pollWaitSeconds();
    Integer most = settings.pollSlots();
    return new Pacing(
        millis == null
            ? interval
            : clamp(Duration.ofMillis(millis), SHORTEST_INTERVAL, LONGEST_INTERVAL),
        wait == null
            ? pollWait
            : clamp(Duration.ofSeconds(wait), Duration.ofSeconds(1), Protocol.POLL_WAIT_LIMIT),
        most == null ? slots : Math.max(0, Math.min(most, MOST_SLOTS)));
  }

  /**
   * The wait until the next beat, seen from now.
   *
   * @param drawn from 0 to 1, anew for each beat, so that no two agents stay in step
   * @param sinceSlot how long ago the beat before began
   * @param notBefore what the server asked for, from now
   */
  Duration nextBeat(double drawn, Duration sinceSlot, @Nullable Duration notBefore) {
    Duration slot = BackOff.around(interval, drawn).minus(sinceSlot);
    Duration asked =
        notBefore == null ? Duration.ZERO : clamp(notBefore, Duration.ZERO, LONGEST_INTERVAL);
    Duration later = slot.compareTo(asked) >= 0 ? slot : asked;
    return later.isNegative() ? Duration.ZERO : later;
  }

  /** The wait until a beat that should not wait for its slot: no two within half an interval. */
  Duration soon(Duration sinceSlot) {
    Duration rest = interval.dividedBy(2).minus(sinceSlot);
    return rest.isNegative() ? Duration.ZERO : rest;
  }

  private static Duration clamp(Duration value, Duration least, Duration most) {
    Duration low = value.compareTo(least) < 0 ? least : value;
    return low.compareTo(most) > 0 ? most : low;
  }
}
