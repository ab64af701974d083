package cx.niro.app.bench;

import cx.niro.app.Main;
import cx.niro.app.SystemTime;
import cx.niro.app.bench.BenchOptions.What;
import cx.niro.app.server.Postgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
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
  private Child ours;
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
      Main.commandLine()
          .setOut(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
          .execute(migrate(database).toArray(String[]::new));
    }
    this.ours = server();
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

  private Child server() {
    List<String> arguments =
        new ArrayList<>(
            List.of(folder.toString(), String.valueOf(options.clusters), options.commits.name()));
    arguments.addAll(databaseArguments(database));
    return Child.start(BenchServer.class, options.javaOptions, arguments);
  }

  /** A word of each line: the key, or the id. */
  private static List<String> keys(Path folder, int word) throws IOException {
    return Files.readAllLines(folder.resolve(BenchServer.KEYS)).stream()
        .map(line -> line.split(" ", -1)[word])
        .toList();
  }

  Report run() throws IOException {
    describe();
    for (Beats each : List.of(beats, empty)) {
      new Load(options.connections, options.connections, Duration.ofSeconds(1)).run(each::tellAll);
    }
    for (What what : options.warmUp.isZero() ? Set.<What>of() : options.rows) {
      progress.accept("warming up: " + name(what));
      round(what, options.warmUp);
    }
    rows.clear();
    for (int i = 1; i <= options.rounds; i++) {
      for (What what : options.rows) {
        progress.accept("round " + i + ": " + name(what));
        round(what, options.time);
      }
    }
    return new Report(about, List.copyOf(rows.values()));
  }

  private void round(What what, Duration time) throws IOException {
    Load load = new Load(options.connections, options.rate, time);
    Script.Kind kind = what.beat();
    beats.sizes();
    switch (what) {
      case COLD -> cold(load);
      case COMMAND -> command(time);
      case RECONNECT -> {
        row(what, Report.OURS, ours, () -> load.run(lane -> beats.beatAnew(lane, kind)));
        row(what, Report.EMPTY, floor, () -> load.run(lane -> empty.beatAnew(lane, kind)));
      }
      default -> {
        row(what, Report.OURS, ours, () -> load.run(lane -> beats.beat(lane, kind)));
        row(what, Report.EMPTY, floor, () -> load.run(lane -> empty.beat(lane, kind)));
        row(what, Report.WORK, floor, () -> bareWork(kind, time));
        about.put("body of " + name(what), beats.sizes());
      }
    }
  }

  /** After a restart half of the clusters warm the process up, then each other one beats once. */
  private void cold(Load load) throws IOException {
    ours.close();
    ours = server();
    beats.moveTo(ours.address());
    load.run(lane -> beats.beatOfFirstHalf(lane, Script.Kind.DELTA));
    beats.moveTo(ours.address());
    // A little less than the time that takes all of them, so that none beats twice.
    Duration all = Duration.ofMillis((long) (950.0 * options.clusters / 2 / options.rate));
    Load once = new Load(options.connections, options.rate, all, true);
    row(
        What.COLD,
        Report.OURS,
        ours,
        () -> once.run(lane -> beats.beatOfSecondHalf(lane, Script.Kind.DELTA)));
    row(
        What.COLD,
        Report.EMPTY,
        floor,
        () -> load.run(lane -> empty.beat(lane, Script.Kind.DELTA)));
  }

  private void command(Duration time) throws IOException {
    int count = Math.min(options.parked, options.clusters);
    List<String> keys = keys(folder, 0);
    List<String> ids = keys(folder, 1);
    try (Parked parked = new Parked(ours.address(), count)) {
      parked.park(
          i -> new Parked.Poll("/agent/v1/poll", keys.get(i), Parked.poll(beats.bootId(i))));
      row(
          What.COMMAND,
          Report.OURS,
          ours,
          () -> parked.send(time, i -> "/api/v1/clusters/" + ids.get(i) + "/commands"));
      about.put("command answered to its sender, p50 ms", parked.answeredMillis());
      about.put("commands that failed, the last one", parked.trouble());
    }
    try (Parked parked = new Parked(floor.address(), count)) {
      parked.park(i -> new Parked.Poll(FloorHandler.PARK + i, keys.get(i), Parked.poll("floor")));
      row(
          What.COMMAND,
          Report.PARKED,
          floor,
          () -> parked.send(time, i -> FloorHandler.RELEASE + i));
    }
  }

  private void row(What what, String who, Child child, Supplier<Load.Outcome> load) {
    rows.computeIfAbsent(name(what) + who, key -> new Row(name(what), who))
        .rounds()
        .add(meter.measure(child, load));
  }

  private Load.Outcome bareWork(Script.Kind kind, Duration time) {
    String[] words = floor.ask(kind + " " + options.rate + " " + time.toMillis()).split(" ", -1);
    return new Load.Outcome(
        Integer.parseInt(words[0]), 0, Double.parseDouble(words[1]), Double.parseDouble(words[2]));
  }

  private static String name(What what) {
    return what.name().toLowerCase(Locale.ROOT);
  }

  private void describe() {
    about.put("date", SystemTime.CLOCK.instant().toString());
    about.put("java", System.getProperty("java.vm.version", ""));
    about.put("processors", Runtime.getRuntime().availableProcessors());
    about.put(
        "load of the machine before",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    about.put("database", database == null ? "H2" : "PostgreSQL");
    about.put("commits", options.commits.name().toLowerCase(Locale.ROOT));
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
