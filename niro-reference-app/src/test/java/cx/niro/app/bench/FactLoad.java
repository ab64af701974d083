package cx.niro.app.bench;

import cx.niro.app.SystemTime;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Clients that use a server on some threads, and what it acknowledged to them. */
final class FactLoad {
  final PlainClient client;
  final Facts facts = new Facts();
  final Queue<BenchCluster> clusters = new ConcurrentLinkedQueue<>();
  final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();
  private final ExecutorService pool;
  private volatile boolean stopped;

  /**
   * @param rate requests a second of all threads together
   */
  record Plan(int threads, int rate, SplittableRandom random) {}

  FactLoad(PlainClient client, Plan plan) {
    this.client = client;
    pool = Executors.newFixedThreadPool(plan.threads, SystemTime.daemons("client"));
    AtomicInteger names = new AtomicInteger();
    Duration pace = Duration.ofSeconds(plan.threads).dividedBy(plan.rate);
    for (int i = 0; i < plan.threads; i++) {
      Worker.Course course = new Worker.Course(plan.random.split(), pace, () -> stopped);
      ClusterSteps steps = new ClusterSteps(client, facts, refusals, course);
      pool.execute(new Worker(steps, course, names, clusters));
    }
  }

  /** Waits until what is under way has been answered. */
  void end() throws InterruptedException {
    stop();
    if (!pool.awaitTermination(2, TimeUnit.MINUTES)) {
      throw new IllegalStateException("a client did not end");
    }
  }

  void stop() {
    stopped = true;
    pool.shutdown();
  }
}
