package cx.niro.app.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What one contender needed for one kind of operation, round by round.
 *
 * @param who {@code ours}, or which floor
 */
record Row(String what, String who, List<Figures> rounds) {
  Row(String what, String who) {
    this(what, who, new ArrayList<>());
  }

  /**
   * Of one round; seconds of processor time are for 1,000 operations.
   *
   * @param cpu of the process that is measured
   * @param database of PostgreSQL's processes; 0 with H2, which is inside
   * @param generator of the load's generator, which counts nowhere
   */
  record Figures(
      double cpu,
      double database,
      double generator,
      double p50,
      double p99,
      long residentMib,
      int count,
      long failed) {
    double all() {
      return cpu + database;
    }
  }

  /** Median, minimum and maximum. */
  record Spread(double median, double least, double most) {
    String text(String format) {
      return String.format(
          Locale.ROOT, format + " (" + format + "-" + format + ")", median, least, most);
    }

    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("median", median);
      json.put("minimum", least);
      json.put("maximum", most);
      return json;
    }
  }

  Spread of(ToDoubleFunction<Figures> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    int n = sorted.length;
    return n == 0
        ? new Spread(0, 0, 0)
        : new Spread((sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[0], sorted[n - 1]);
  }

  long failed() {
    return rounds.stream().mapToLong(Figures::failed).sum();
  }

  long count() {
    return rounds.stream().mapToLong(Figures::count).sum();
  }
}
