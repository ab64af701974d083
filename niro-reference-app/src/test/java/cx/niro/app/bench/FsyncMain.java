package cx.niro.app.bench;

import cx.niro.app.SystemTime;
import cx.niro.app.access.TrustedProxies;
import cx.niro.app.bench.PlainClient.Answer;
import cx.niro.app.bench.PlainClient.Call;
import cx.niro.app.server.Postgres;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import cx.niro.server.ServerOptions;
import cx.niro.server.jdbc.JdbcStores.Commits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * {@code FsyncMain [--writes 400] [--commits synchronous] [--database h2|postgres]}: how often the
 * database is forced onto the disk for each acknowledged write, with 1 and with 16 clients at once.
 * Of H2's file the JVM's own event for a forced file is counted, of PostgreSQL {@code wal_sync}.
 */
public final class FsyncMain {
  private static final String FORCE = "jdk.FileForce";

  /** Statistics of a connection that does nothing more are told after 10 s. */
  private static final Duration TOLD = Duration.ofSeconds(12);

  private final PlainClient client;
  private final Path folder;
  private final @Nullable BenchPostgres postgres;
  private final List<String> clusters = new ArrayList<>();

  private FsyncMain(PlainClient client, Path folder, @Nullable BenchPostgres postgres) {
    this.client = client;
    this.folder = folder;
    this.postgres = postgres;
  }

  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    Path folder = Files.createTempDirectory("niro-fsync");
    Commits commits =
        Commits.valueOf(arguments.text("commits", "synchronous").toUpperCase(Locale.ROOT));
    boolean isPostgres = arguments.text("database", "h2").equals("postgres");
    try (BenchPostgres postgres = isPostgres ? new BenchPostgres(folder, Map.of()) : null;
        RunningServer server = RunningServer.start(settings(folder, commits, postgres))) {
      new FsyncMain(new PlainClient(server.address()), folder, postgres)
          .run(arguments.number("writes", 400));
    } finally {
      Trees.delete(folder);
    }
  }

  private void run(int writes) throws Exception {
    for (int i = 0; i < 16; i++) {
      String body = "{\"name\":\"c" + i + "\"}";
      Call call = Call.post("/api/v1/clusters", ServerProcess.ADMIN_TOKEN, body);
      clusters.add(write(call).text("cluster", "id"));
    }
    measure(16, 200);
    for (int clients : new int[] {1, 16}) {
      System.out.println(measure(clients, writes));
    }
  }

  private static ServerSettings settings(
      Path folder, Commits commits, @Nullable BenchPostgres postgres) {
    return new ServerSettings(
        "127.0.0.1",
        0,
        folder.resolve("data"),
        postgres == null
            ? null
            : new Postgres(BenchPostgres.url(postgres.port()), BenchPostgres.USER, null),
        commits,
        null,
        null,
        new ServerSettings.Windows(
            Duration.ofSeconds(15),
            ServerOptions.DEFAULT_UNKNOWN_AFTER,
            ServerOptions.DEFAULT_OFFLINE_AFTER),
        ServerProcess.ADMIN_TOKEN,
        Duration.ZERO,
        TrustedProxies.NONE,
        ServerSettings.Notify.DEFAULT,
        Set.of());
  }

  private String measure(int clients, int writes) throws Exception {
    try (Recording recording = new Recording()) {
      recording.enable(FORCE).withThreshold(Duration.ZERO).withoutStackTrace();
      recording.start();
      long before = forcesOfPostgres();
      double seconds = changes(clients, writes / clients);
      recording.stop();
      long forces = postgres == null ? forces(recording) : forcesOfPostgres() - before;
      return report(clients, writes / clients * clients, forces, seconds);
    }
  }

  private double changes(int clients, int each) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      long start = System.nanoTime();
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        String cluster = clusters.get(i);
        all.add(threads.submit(() -> changes(cluster, each)));
      }
      for (Future<?> one : all) {
        one.get();
      }
      return (System.nanoTime() - start) / 1e9;
    } finally {
      threads.shutdownNow();
    }
  }

  private long forcesOfPostgres() {
    if (postgres == null) {
      return 0;
    }
    SystemTime.sleep(TOLD);
    return postgres.number("SELECT wal_sync FROM pg_stat_wal");
  }

  private static String report(int clients, int writes, long forces, double seconds) {
    return String.format(
        Locale.ROOT,
        "%2d at once: %d writes acknowledged, %d times forced, %.2f a write, %.0f writes/s",
        clients,
        writes,
        forces,
        (double) forces / writes,
        writes / seconds);
  }

  private long forces(Recording recording) throws Exception {
    Path file = Files.createTempFile(folder, "forces", ".jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals(FORCE))
        .filter(event -> event.getString("path").endsWith(".mv.db"))
        .count();
  }

  private void changes(String cluster, int count) {
    for (int i = 0; i < count; i++) {
      String body = Bodies.settings(i + (int) (System.nanoTime() % 1000) * 1000);
      write(new Call("PATCH", "/api/v1/clusters/" + cluster, ServerProcess.ADMIN_TOKEN, body));
    }
  }

  private Answer write(Call call) {
    Answer answer = client.once(call).orElseThrow();
    if (!answer.ok()) {
      throw new IllegalStateException(answer.toString());
    }
    return answer;
  }
}
