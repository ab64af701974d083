package cx.niro.app.bench;

import cx.niro.app.bench.PlainClient.Answer;
import cx.niro.app.bench.PlainClient.Call;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A server, and clusters on it that a storm or those beside it use. */
final class StormSite {
  private static final int THREADS = 16;

  final URI uri;
  final PlainClient client;
  private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();
  private final ClusterSteps steps;

  StormSite(URI uri) {
    this.uri = uri;
    this.client = new PlainClient(uri);
    Worker.Course course =
        new Worker.Course(RandomGenerator.getDefault(), Duration.ZERO, () -> false);
    this.steps = new ClusterSteps(client, new Facts(), refusals, course);
  }

  /** Adds clusters that have a token and no key yet. */
  List<BenchCluster> added(String prefix, int count) throws Exception {
    List<BenchCluster> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new BenchCluster(prefix + "-%05d".formatted(i)));
    }
    together(all, steps::create);
    return all;
  }

  /** Adds clusters whose agents have beaten once. */
  List<BenchCluster> enrolled(String prefix, int count) throws Exception {
    List<BenchCluster> all = added(prefix, count);
    together(all, steps::enroll);
    return all;
  }

  /** Gives each of these so many commands. */
  void command(List<BenchCluster> clusters, int each) throws Exception {
    together(
        clusters,
        cluster -> {
          for (int i = 0; i < each; i++) {
            steps.command(cluster);
          }
        });
  }

  /** Takes everything that waits for these clusters, and says that it runs. */
  void take(List<BenchCluster> clusters) throws Exception {
    together(
        clusters,
        cluster -> {
          String first = Bodies.poll(cluster, 64);
          Answer offered = asked(Call.post("/agent/v1/poll", cluster.key, first));
          List<String> holding = new ArrayList<>();
          for (Map<?, ?> offer : offered.items("commands")) {
            String id = (String) offer.get("id");
            long attempt = (Long) offer.get("attempt");
            cluster.offers.add(Map.entry(id, attempt));
            holding.add(
                "{\"id\":\"%s\",\"state\":\"running\",\"attempt\":%d}".formatted(id, attempt));
          }
          String second = first.replace("\"holding\":[]", "\"holding\":" + holding);
          asked(Call.post("/agent/v1/poll", cluster.key, second));
        });
  }

  /** Another API token than the one of the bench itself. */
  String token(String name) {
    String body = "{\"name\":\"%s\",\"role\":\"viewer\"}".formatted(name);
    return asked(Call.post("/api/v1/tokens", ServerProcess.ADMIN_TOKEN, body)).text("secret");
  }

  private Answer asked(Call call) {
    Answer answer = client.untilAnswered(call, () -> false).orElseThrow();
    if (!answer.ok()) {
      throw new IllegalStateException(call.path() + ": " + answer);
    }
    return answer;
  }

  private static void together(List<BenchCluster> all, Consumer<BenchCluster> step)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    List<java.util.concurrent.Future<?>> ends = new ArrayList<>();
    all.forEach(cluster -> ends.add(pool.submit(() -> step.accept(cluster))));
    for (java.util.concurrent.Future<?> end : ends) {
      end.get(10, TimeUnit.MINUTES);
    }
    pool.shutdown();
  }
}
