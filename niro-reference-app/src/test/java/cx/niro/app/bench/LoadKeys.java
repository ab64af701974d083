package cx.niro.app.bench;

import cx.niro.app.access.Access;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import cx.niro.core.Environment;
import cx.niro.core.protocol.EnrollReply;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.server.Clusters;
import cx.niro.server.NiroServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The agent keys of clusters that were enrolled through the library, in a folder that a server
 * opens afterwards; kept in a file beside it, for the next run.
 */
final class LoadKeys {
  private static final int THREADS = 8;

  private LoadKeys() {}

  static List<String> of(Path folder, int count, ServerSettings settings) throws Exception {
    Path file = folder.resolve("keys");
    List<String> keys =
        new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.<String>of());
    if (keys.size() < count) {
      enroll(keys, count, settings);
      Files.write(file, keys);
    }
    return keys.subList(0, count);
  }

  private static void enroll(List<String> keys, int count, ServerSettings settings)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try (RunningServer server = RunningServer.start(settings)) {
      List<Future<String>> all = new ArrayList<>();
      for (int i = keys.size(); i < count; i++) {
        int number = i;
        all.add(pool.submit(() -> enroll(server.niro(), number)));
      }
      for (Future<String> one : all) {
        keys.add(one.get());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static String enroll(NiroServer niro, int number) {
    String name = "c-%06d".formatted(number);
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
                    "request-of-cluster-number-" + name,
                    null,
                    "v1.34.1+k3s1",
                    "k3s",
                    "0.1.0",
                    List.of(1),
                    List.of()));
    return reply.agentKey();
  }
}
