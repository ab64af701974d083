package cx.niro.server;

import java.util.List;
import java.util.Map;

/**
 * A number about the server, or several that differ by their labels, as Prometheus and OpenMetrics
 * know them. Labels have few values and never a name that somebody gave.
 *
 * @param name as the conventions of Prometheus want it, {@code niro_} in front
 * @param help one sentence
 */
public record Metric(String name, Kind kind, String help, List<Sample> samples) {
  public Metric {
    samples = List.copyOf(samples);
  }

  /** What its value does. */
  public enum Kind {
    /** Grows since the server was made. */
    COUNTER,

    /** Goes up and down. */
    GAUGE
  }

  /** One value. */
  public record Sample(Map<String, String> labels, double value) {}

  /** A metric of one value without labels. */
  public static Metric of(String name, Kind kind, String help, double value) {
    return new Metric(name, kind, help, List.of(new Sample(Map.of(), value)));
  }
}
