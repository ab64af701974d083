package cx.niro.server.internal;

/** Beats that a cluster may send now: a few at once, then one per half interval. Lane-confined. */
final class BeatBudget {
  private final int burst;
  private final long refillNanos;
  private double left;
  private long filledAt;

  BeatBudget(int burst, long refillNanos, long nowNanos) {
    this.burst = burst;
    this.refillNanos = refillNanos;
    this.left = burst;
    this.filledAt = nowNanos;
  }

  boolean take(long nowNanos) {
    left = Math.min(burst, left + (double) (nowNanos - filledAt) / refillNanos);
    filledAt = nowNanos;
    if (left < 1) {
      return false;
    }
    left -= 1;
    return true;
  }
}
