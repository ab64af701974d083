package cx.niro.agent.testkit;

import java.time.Duration;

/**
 * Something that goes wrong in a {@link VirtualCluster}.
 *
 * @param begins when, counted from the start of the cluster; negative for what has been going on
 * @param lasts for how long; it heals by itself after that
 * @param count how many pods or nodes it strikes
 */
public record VirtualTrouble(Kind kind, Duration begins, Duration lasts, int count) {
  private static final Duration FOREVER = Duration.ofDays(3650);

  /** What can go wrong. */
  public enum Kind {
    /** The agent stops without a goodbye. */
    SILENCE,
    NODE_NOT_READY,
    CRASH_LOOP,
    IMAGE_PULL_ERROR
  }

  public static VirtualTrouble silence(Duration begins) {
    return new VirtualTrouble(Kind.SILENCE, begins, FOREVER, 1);
  }

  public static VirtualTrouble nodeNotReady(Duration begins) {
    return new VirtualTrouble(Kind.NODE_NOT_READY, begins, FOREVER, 1);
  }

  public static VirtualTrouble crashLoop(Duration begins, int pods) {
    return new VirtualTrouble(Kind.CRASH_LOOP, begins, FOREVER, pods);
  }

  public static VirtualTrouble imagePullError(Duration begins, int pods) {
    return new VirtualTrouble(Kind.IMAGE_PULL_ERROR, begins, FOREVER, pods);
  }

  /** The same, over after {@code time}. */
  public VirtualTrouble lasting(Duration time) {
    return new VirtualTrouble(kind, begins, time, count);
  }

  /** How long it has been going on; negative while it is not. */
  Duration going(Duration sinceStart) {
    Duration going = sinceStart.minus(begins);
    return going.compareTo(lasts) < 0 ? going : Duration.ofNanos(-1);
  }
}
