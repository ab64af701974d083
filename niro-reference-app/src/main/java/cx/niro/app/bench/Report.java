package cx.niro.app.bench;

import cx.niro.app.Printed;
import cx.niro.app.cli.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All rows with what they are compared with. */
record Report(Map<String, Object> about, List<Row> rows) {
  static final String OURS = "ours";
  static final String EMPTY = "empty handler";
  static final String WORK = "bare work";
  static final String PARKED = "parked poll";

  List<String> table() {
    List<List<String>> cells = new ArrayList<>();
    cells.add(
        List.of(
            "WHAT",
            "WHO",
            "CPU s/1000",
            "DATABASE s/1000",
            "OURS/IT",
            "P50 ms",
            "P99 ms",
            "RSS MiB",
            "GENERATOR s/1000",
            "DONE",
            "FAILED"));
    rows.forEach(row -> cells.add(cells(row)));
    List<String> lines = new ArrayList<>();
    about.forEach((name, value) -> lines.add(name + ": " + value));
    lines.add("");
    lines.addAll(Table.lines(cells));
    return lines;
  }

  private List<String> cells(Row row) {
    return List.of(
        row.what(),
        row.who(),
        row.of(Row.Figures::cpu).text("%.3f"),
        row.of(Row.Figures::database).text("%.3f"),
        ratio(row).map(ratio -> String.format(Locale.ROOT, "%.2f", ratio)).orElse("-"),
        row.of(Row.Figures::p50).text("%.2f"),
        row.of(Row.Figures::p99).text("%.1f"),
        String.format(Locale.ROOT, "%.0f", row.of(Row.Figures::residentMib).median()),
        String.format(Locale.ROOT, "%.3f", row.of(Row.Figures::generator).median()),
        String.valueOf(row.count()),
        String.valueOf(row.failed()));
  }

  /** Ours, the database's part included, over a floor with its own. */
  private Optional<Double> ratio(Row floor) {
    double least = floor.of(Row.Figures::all).median();
    return rows.stream()
        .filter(row -> row.what().equals(floor.what()) && row.who().equals(OURS))
        .filter(row -> !floor.who().equals(OURS) && least > 0)
        .map(row -> row.of(Row.Figures::all).median() / least)
        .findFirst();
  }

  String json() {
    Map<String, Object> document = new LinkedHashMap<>(about);
    document.put("rows", rows.stream().map(this::json).toList());
    return Printed.json(document);
  }

  private Map<String, Object> json(Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("what", row.what());
    json.put("who", row.who());
    json.put("cpuSecondsPer1000", row.of(Row.Figures::cpu).json());
    json.put("databaseSecondsPer1000", row.of(Row.Figures::database).json());
    json.put("generatorSecondsPer1000", row.of(Row.Figures::generator).json());
    ratio(row).ifPresent(ratio -> json.put("oursOverIt", ratio));
    json.put("p50Millis", row.of(Row.Figures::p50).json());
    json.put("p99Millis", row.of(Row.Figures::p99).json());
    json.put("residentMib", row.of(Row.Figures::residentMib).json());
    json.put("done", row.count());
    json.put("failed", row.failed());
    return json;
  }
}
