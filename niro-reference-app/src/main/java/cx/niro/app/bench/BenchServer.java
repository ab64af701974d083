package cx.niro.app.bench;

import cx.niro.app.SystemTime;
import cx.niro.app.access.Access;
import cx.niro.app.access.TrustedProxies;
import cx.niro.app.server.Postgres;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import cx.niro.core.Environment;
import cx.niro.core.protocol.EnrollReply;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.server.Clusters;
import cx.niro.server.NiroServer;
import cx.niro.server.ServerOptions;
import cx.niro.server.jdbc.JdbcStores.Commits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Ours as a process of its own: the server, with clusters that are enrolled at its first start. */
final class BenchServer {
  /** The shortest there is, so that few clusters make many beats. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  static final String KEYS = "keys";
  static final String ADMIN_TOKEN = "bench-admin-token-of-this-run";
  private static final int THREADS = 8;
  private static final int DATABASE_ARGUMENT = 3;

  private BenchServer() {}

  /** {@code FOLDER CLUSTERS COMMITS [URL USER [PASSWORD-FILE]]}. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    try (RunningServer server = RunningServer.start(settings(folder, arguments))) {
      Path keys = folder.resolve(KEYS);
      if (!Files.exists(keys)) {
        Files.write(keys, enroll(server.niro(), Integer.parseInt(arguments[1])));
      }
      Child.say(server.address());
      while (System.in.read() >= 0) {
        // Until it is told nothing more.
      }
    }
  }

  private static ServerSettings settings(Path folder, String[] arguments) {
    ServerSettings.Windows windows =
        new ServerSettings.Windows(
            INTERVAL, ServerOptions.DEFAULT_UNKNOWN_AFTER, ServerOptions.DEFAULT_OFFLINE_AFTER);
    return new ServerSettings(
        "127.0.0.1",
        0,
        folder,
        arguments.length <= DATABASE_ARGUMENT
            ? null
            : postgres(List.of(arguments), DATABASE_ARGUMENT),
        Commits.valueOf(arguments[2]),
        null,
        null,
        windows,
        ADMIN_TOKEN,
        Duration.ZERO,
        TrustedProxies.NONE,
        ServerSettings.Notify.DEFAULT,
        Set.of());
  }

  /** The URL, user and password file that begin at an argument. */
  static Postgres postgres(List<String> arguments, int first) {
    boolean sealed = arguments.size() > first + 2;
    return new Postgres(
        arguments.get(first),
        arguments.get(first + 1),
        sealed ? Path.of(arguments.get(first + 2)) : null);
  }

  private static List<String> enroll(NiroServer niro, int count) {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS, SystemTime.daemons("enroll"));
    List<Future<String>> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      keys.add(pool.submit(() -> enrollOne(niro, number)));
    }
    List<String> lines = new ArrayList<>();
    try {
      for (Future<String> key : keys) {
        lines.add(key.get());
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("the clusters could not be enrolled", e);
    }
    pool.shutdown();
    return lines;
  }

  /** Its key and its id. */
  private static String enrollOne(NiroServer niro, int number) {
    String name = "bench-%05d-%08x".formatted(number, SystemTime.RANDOM.nextInt());
    Clusters.NewCluster made =
        niro.clusters()
            .create(
                Access.ORGANIZATION,
                new Clusters.ClusterSpec(name, Environment.PRODUCTION, Map.of()),
                "bench");
    EnrollReply reply =
        niro.gateway()
            .enroll(
                new EnrollRequest(
                    made.enrollment().token(),
                    "request-of-cluster-" + name,
                    null,
                    "v1.34.1+k3s1",
                    "k3s",
                    "0.1.0",
                    List.of(1),
                    List.of()));
    return reply.agentKey() + " " + made.id();
  }
}
