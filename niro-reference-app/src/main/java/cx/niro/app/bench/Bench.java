package cx.niro.app.bench;

import cx.niro.app.Main;
import cx.niro.app.SystemTime;
import cx.niro.app.server.Postgres;
import cx.niro.server.jdbc.JdbcStores.Commits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run: starts what is measured, warms it, and measures row by row in turns. */
final class Bench implements AutoCloseable {
  private final BenchOptions options;
  private final Path folder;
  private final Consumer<String> progress;
  private final @Nullable Postgres database;
  private final Meter meter;
  private final Child ours;
  private final Child floor;
  private final List<Script> scripts;
  private final Beats beats;
  private final Beats empty;
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Map<String, Object> about = new LinkedHashMap<>();

  Bench(BenchOptions options, Path folder, Consumer<String> progress) throws IOException {
    this.options = options;
    this.folder = folder;
    this.progress = progress;
    this.database = options.database.postgres();
    this.meter = new Meter(database);
    progress.accept("starting, and enrolling " + options.clusters + " clusters");
    if (database != null) {
      Main.commandLine().execute(migrate(database).toArray(String[]::new));
    }
    this.ours = server(Commits.SYNCHRONOUS);
    List<String> floorArguments = new ArrayList<>(List.of(folder.toString()));
    for (int number : new int[] {options.nodes, options.pods, options.clusters}) {
      floorArguments.add(String.valueOf(number));
    }
    floorArguments.addAll(databaseArguments(database));
    this.floor = Child.start(BenchFloor.class, options.javaOptions, floorArguments);
    this.scripts = Beats.scripts(options.nodes, options.pods);
    List<String> keys = keys(folder, 0);
    this.beats = new Beats(ours.address(), "/agent/v1/heartbeat", options, keys, scripts);
    this.empty = new Beats(floor.address(), FloorHandler.EMPTY, options, keys, scripts);
  }

  private static List<String> migrate(Postgres database) {
    List<String> line = new ArrayList<>(List.of("migrate", "--database-url", database.url()));
    if (database.user() != null) {
      line.addAll(List.of("--database-user", database.user()));
    }
    if (database.passwordFile() != null) {
      line.addAll(List.of("--database-password-file", database.passwordFile().toString()));
    }
    return line;
  }

  private static List<String> databaseArguments(@Nullable Postgres database) {
    if (database == null) {
      return List.of();
    }
    String user = database.user() == null ? "" : database.user();
    return database.passwordFile() == null
        ? List.of(database.url(), user)
        : List.of(database.url(), user, database.passwordFile().toString());
  }

  private Child server(Commits commits) {
    List<String> arguments =
        new ArrayList<>(
            List.of(folder.toString(), String.valueOf(options.clusters), commits.name()));
    arguments.addAll(databaseArguments(database));
    return Child.start(BenchServer.class, options.javaOptions, arguments);
  }

  /** A word of each line: the key, or the id. */
  private static List<String> keys(Path folder, int word) throws IOException {
    return Files.readAllLines(folder.resolve(BenchServer.KEYS)).stream()
        .map(line -> line.split(" ", -1)[word])
        .toList();
  }

  Report run() {
    describe();
    for (Beats each : List.of(beats, empty)) {
      new Load(options.connections, options.connections, Duration.ofSeconds(1)).run(each::tellAll);
    }
    beats.sizes();
    for (Script.Kind kind : options.warmUp.isZero() ? Set.<Script.Kind>of() : options.beats) {
      progress.accept("warming up: " + name(kind));
      round(kind, options.warmUp);
    }
    rows.clear();
    for (int i = 1; i <= options.rounds; i++) {
      for (Script.Kind kind : options.beats) {
        progress.accept("round " + i + ": " + name(kind));
        round(kind, options.time);
      }
    }
    return new Report(about, List.copyOf(rows.values()));
  }

  private void round(Script.Kind kind, Duration time) {
    Load load = new Load(options.connections, options.rate, time);
    String what = name(kind);
    row(what, Report.OURS, ours, () -> load.run(lane -> beats.beat(lane, kind)));
    row(what, Report.EMPTY, floor, () -> load.run(lane -> empty.beat(lane, kind)));
    row(what, Report.WORK, floor, () -> bareWork(kind, time));
    about.put("body of " + what, beats.sizes());
  }

  private void row(String what, String who, Child child, Supplier<Load.Outcome> load) {
    rows.computeIfAbsent(what + who, key -> new Row(what, who))
        .rounds()
        .add(meter.measure(child, load));
  }

  private Load.Outcome bareWork(Script.Kind kind, Duration time) {
    String[] words = floor.ask(kind + " " + options.rate + " " + time.toMillis()).split(" ", -1);
    return new Load.Outcome(
        Integer.parseInt(words[0]), 0, Double.parseDouble(words[1]), Double.parseDouble(words[2]));
  }

  private static String name(Script.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private void describe() {
    about.put("date", SystemTime.CLOCK.instant().toString());
    about.put("java", System.getProperty("java.vm.version", ""));
    about.put("processors", Runtime.getRuntime().availableProcessors());
    about.put(
        "load of the machine before",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    about.put("database", database == null ? "H2" : "PostgreSQL");
    about.put("http", options.http);
    about.put(
        "clusters",
        options.clusters + " of " + options.nodes + " nodes and " + options.pods + " pods");
    about.put("rate", options.rate + " a second over " + options.connections + " connections");
    about.put("rounds", options.rounds + " of " + options.time + ", warmed up " + options.warmUp);
    about.put("javaOptions", String.join(" ", options.javaOptions));
  }

  @Override
  public void close() {
    try {
      beats.close();
      empty.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      ours.close();
      floor.close();
    }
  }
}
