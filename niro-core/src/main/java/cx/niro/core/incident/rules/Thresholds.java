package cx.niro.core.incident.rules;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * A value for every {@link Threshold}. Immutable.
 *
 * <pre>{@code
 * Thresholds.standard().with(Threshold.NODE_NOT_READY_FOR, Duration.ofMinutes(5))
 * }</pre>
 */
public final class Thresholds {
  private static final Thresholds STANDARD = of(Threshold::standard);
  private static final Thresholds CONSERVATIVE = of(Threshold::conservative);

  private final Map<Threshold, Long> values;

  private Thresholds(Map<Threshold, Long> values) {
    this.values = values;
  }

  /** The defaults. */
  public static Thresholds standard() {
    return STANDARD;
  }

  /** The conservative profile: later and with fewer incidents, as kubernetes-mixin alerts. */
  public static Thresholds conservative() {
    return CONSERVATIVE;
  }

  /**
   * Those of a profile, {@code standard} or {@code conservative}.
   *
   * @throws IllegalArgumentException for any other name
   */
  public static Thresholds ofProfile(String name) {
    return switch (name) {
      case "standard" -> STANDARD;
      case "conservative" -> CONSERVATIVE;
      default ->
          throw new IllegalArgumentException(
              "detection profile must be standard or conservative, but was '" + name + "'");
    };
  }

  private static Thresholds of(ToLongFunction<Threshold> value) {
    Map<Threshold, Long> values = new EnumMap<>(Threshold.class);
    for (Threshold each : Threshold.values()) {
      values.put(each, value.applyAsLong(each));
    }
    return new Thresholds(values);
  }

  /**
   * The same with another time.
   *
   * @throws IllegalArgumentException if the threshold is a count, or the time is negative
   */
  public Thresholds with(Threshold threshold, Duration time) {
    require(threshold, true, time.toMillis());
    return changed(threshold, time.toMillis());
  }

  /**
   * The same with another count.
   *
   * @throws IllegalArgumentException if the threshold is a time, or the count is negative
   */
  public Thresholds with(Threshold threshold, int count) {
    require(threshold, false, count);
    return changed(threshold, count);
  }

  /** The value of a threshold that is a time. */
  public Duration time(Threshold threshold) {
    require(threshold, true, 0);
    return Duration.ofMillis(value(threshold));
  }

  /** The value of a threshold that is a count or a percentage. */
  public int count(Threshold threshold) {
    require(threshold, false, 0);
    return Math.toIntExact(value(threshold));
  }

  /** The profile, or what differs from the standard one. */
  @Override
  public String toString() {
    if (values.equals(STANDARD.values)) {
      return "standard";
    }
    if (values.equals(CONSERVATIVE.values)) {
      return "conservative";
    }
    return values.entrySet().stream()
        .filter(entry -> !entry.getValue().equals(STANDARD.values.get(entry.getKey())))
        .map(entry -> entry.getKey().key() + "=" + text(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(" ", "standard with ", ""));
  }

  private static String text(Threshold threshold, long value) {
    return threshold.isTime() ? Duration.ofMillis(value).toString() : Long.toString(value);
  }

  private long value(Threshold threshold) {
    return values.getOrDefault(threshold, 0L);
  }

  private Thresholds changed(Threshold threshold, long value) {
    Map<Threshold, Long> next = new EnumMap<>(values);
    next.put(threshold, value);
    return new Thresholds(next);
  }

  private static void require(Threshold threshold, boolean time, long value) {
    if (threshold.isTime() != time) {
      throw new IllegalArgumentException(
          threshold.key() + " is a " + (threshold.isTime() ? "time" : "count"));
    }
    if (value < 0) {
      throw new IllegalArgumentException(
          threshold.key() + " must not be negative, but was " + value);
    }
  }
}
