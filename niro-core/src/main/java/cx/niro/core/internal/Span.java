package cx.niro.core.internal;

import java.time.Duration;

/** A duration as people say it, in one unit: {@code 70 s}, {@code 12 min}, {@code 5 h}. */
public final class Span {
  private Span() {}

  /** Counts up to two of a unit in the smaller one; negative durations read {@code 0 s}. */
  public static String text(Duration duration) {
    if (duration.isNegative()) {
      return "0 s";
    }
    if (duration.toHours() >= 48) {
      return duration.toDays() + " d";
    }
    if (duration.toMinutes() >= 120) {
      return duration.toHours() + " h";
    }
    return duration.toSeconds() > 180 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
  }
}
