package cx.niro.app.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.function.Function;

/** One column of a table of documents. */
record Column(String title, boolean wide, Function<Document, String> cell) {
  static Column of(String title, String path) {
    return new Column(title, false, row -> row.cell(path));
  }

  static Column wide(String title, String path) {
    return new Column(title, true, row -> row.cell(path));
  }

  static Column age(String title, String path, InstantSource clock) {
    return new Column(title, false, row -> age(row.cell(path), clock.instant()));
  }

  /** How long ago, in the way of kubectl: 12s, 5m, 3h, 12d. */
  static String age(String instant, Instant now) {
    try {
      long seconds = Math.max(0, Duration.between(Instant.parse(instant), now).toSeconds());
      if (seconds < 120) {
        return seconds + "s";
      }
      if (seconds < 7200) {
        return seconds / 60 + "m";
      }
      return seconds < 172_800 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    } catch (DateTimeParseException e) {
      return "-";
    }
  }
}
