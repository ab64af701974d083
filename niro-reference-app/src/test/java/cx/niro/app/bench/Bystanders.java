package cx.niro.app.bench;

import cx.niro.app.bench.PlainClient.Answer;
import cx.niro.app.bench.PlainClient.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Clients beside a storm: each kind on a thread of its own, at a steady pace. */
final class Bystanders implements AutoCloseable {
  /** What is measured. */
  enum Kind {
    BEAT,
    POLL,
    RESULT,
    REST
  }

  private final StormSite site;
  private final List<BenchCluster> clusters;
  private final Map<Kind, Sample> samples = new EnumMap<>(Kind.class);
  private final List<Thread> threads = new ArrayList<>();
  private final long begun = System.nanoTime();
  private volatile boolean ended;

  /** How long answers took, and how many were no success. */
  static final class Sample {
    private final List<Long> nanos = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    List<String> failures() {
      return failures;
    }

    int count() {
      return nanos.size();
    }

    double millis(double share) {
      List<Long> sorted = nanos.stream().sorted().toList();
      return sorted.isEmpty() ? 0 : sorted.get((int) ((sorted.size() - 1) * share)) / 1e6;
    }
  }

  /** At least a hundred clusters: one may beat once in seven seconds. */
  Bystanders(StormSite site, List<BenchCluster> clusters) {
    this.site = site;
    this.clusters = clusters;
    forget();
    begin("beats", Duration.ofSeconds(10).dividedBy(clusters.size()), this::beat);
    begin("polls", Duration.ofMillis(50), this::poll);
    begin("results", Duration.ofMillis(100), this::result);
    begin("calls", Duration.ofMillis(50), this::ask);
  }

  /** One thing that is done to one of the clusters after the other. */
  private interface Turn {
    void take(BenchCluster cluster, int number);
  }

  private void begin(String name, Duration pace, Turn turn) {
    Thread thread = new Thread(() -> run(pace, turn), "bystander-" + name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void run(Duration pace, Turn turn) {
    long due = System.nanoTime();
    for (int i = 0; !ended; i++) {
      turn.take(clusters.get(i % clusters.size()), i);
      due = Math.max(due + pace.toNanos(), System.nanoTime() - pace.toNanos());
      LockSupport.parkNanos(due - System.nanoTime());
    }
  }

  private void beat(BenchCluster cluster, int number) {
    cluster.sequence++;
    String body = Bodies.beat(cluster, System.currentTimeMillis());
    timed(Kind.BEAT, Call.post("/agent/v1/heartbeat", cluster.key, body));
  }

  private void poll(BenchCluster cluster, int number) {
    timed(Kind.POLL, Call.post("/agent/v1/poll", cluster.key, Bodies.poll(cluster, 0)));
  }

  private void result(BenchCluster cluster, int number) {
    String command = Bodies.command(cluster.name + "-" + begun + "-" + number);
    Call send = Call.post(cluster.path("/commands"), ServerProcess.ADMIN_TOKEN, command);
    site.client.once(send);
    Call poll = Call.post("/agent/v1/poll", cluster.key, Bodies.poll(cluster, 8));
    for (Map<?, ?> offer :
        site.client.once(poll).filter(Answer::ok).map(a -> a.items("commands")).orElse(List.of())) {
      String path = "/agent/v1/commands/" + offer.get("id") + "/result";
      String body = Bodies.result(cluster, (Long) offer.get("attempt"), "succeeded");
      timed(Kind.RESULT, Call.post(path, cluster.key, body));
    }
  }

  private void ask(BenchCluster cluster, int number) {
    List<String> paths = List.of("/api/v1/fleet", "/api/v1/clusters?limit=50", cluster.path(""));
    String path = paths.get(number % paths.size());
    timed(Kind.REST, Call.get(path, ServerProcess.ADMIN_TOKEN));
  }

  private void timed(Kind kind, Call call) {
    long start = System.nanoTime();
    Optional<Answer> answer = site.client.once(call);
    long took = System.nanoTime() - start;
    synchronized (this) {
      Sample sample = samples.computeIfAbsent(kind, any -> new Sample());
      sample.nanos.add(took);
      if (answer.filter(Answer::ok).isEmpty()) {
        sample.failures.add(answer.map(Answer::toString).orElse("no answer, or a 5xx"));
      }
    }
  }

  /** What was measured since the last time. */
  synchronized Map<Kind, Sample> taken() {
    Map<Kind, Sample> all = new EnumMap<>(samples);
    forget();
    return all;
  }

  private synchronized void forget() {
    samples.clear();
    for (Kind kind : Kind.values()) {
      samples.put(kind, new Sample());
    }
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
