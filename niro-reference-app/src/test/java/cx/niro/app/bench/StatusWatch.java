package cx.niro.app.bench;

import cx.niro.app.SystemTime;
import cx.niro.app.bench.PlainClient.Answer;
import cx.niro.app.bench.PlainClient.Call;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Asks each server again and again how the clusters do. Who was heard by any of them within the
 * window, as the answer to his beat says, may be shown as unknown or offline by none.
 */
final class StatusWatch implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** What one server was told another one may know a little later. */
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(10);

  private static final Set<String> SILENT = Set.of("unknown", "offline");

  private record Sample(long atNanos, Map<String, Long> heard) {}

  private final Supplier<Map<String, Long>> heard;
  private final Duration window;
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  final LongAdder looks = new LongAdder();
  private volatile boolean closed;

  /**
   * @param heard id of each cluster to when a beat of it was last acknowledged, by {@link
   *     System#nanoTime}
   * @param window how long a cluster may be silent before it is unknown
   */
  StatusWatch(List<PlainClient> servers, Supplier<Map<String, Long>> heard, Duration window) {
    this.heard = heard;
    this.window = window;
    for (int i = 0; i < servers.size(); i++) {
      String name = "replica " + i;
      PlainClient server = servers.get(i);
      Thread thread = SystemTime.daemons("status").newThread(() -> watch(name, server));
      threads.add(thread);
      thread.start();
    }
  }

  /** Who was shown as silent although he was heard; best empty. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  private void watch(String name, PlainClient server) {
    Deque<Sample> samples = new ArrayDeque<>();
    while (!closed) {
      long sent = System.nanoTime();
      samples.addLast(new Sample(sent, heard.get()));
      while (samples.size() > 1 && isOldEnough(second(samples), sent)) {
        samples.removeFirst();
      }
      if (isOldEnough(samples.getFirst(), sent)) {
        server
            .once(Call.get("/api/v1/clusters?limit=1000", ServerProcess.ADMIN_TOKEN))
            .filter(Answer::ok)
            .ifPresent(answer -> judge(name, samples.getFirst().heard, answer));
      }
      SystemTime.sleep(EVERY);
    }
  }

  private static Sample second(Deque<Sample> samples) {
    return samples.stream().skip(1).findFirst().orElseThrow();
  }

  private static boolean isOldEnough(Sample sample, long sent) {
    return sent - sample.atNanos > ON_ITS_WAY.toNanos();
  }

  private void judge(String name, Map<String, Long> known, Answer answer) {
    long earliest = System.nanoTime() - window.toNanos();
    looks.increment();
    for (Map<?, ?> item : answer.items("items")) {
      long last = known.getOrDefault((String) item.get("id"), 0L);
      if (last != 0 && last - earliest > 0 && SILENT.contains((String) item.get("status"))) {
        wrong.add(
            "%s shows %s as %s (%s, last %s), heard %.1f s ago"
                .formatted(
                    name,
                    item.get("name"),
                    item.get("status"),
                    item.get("statusReason"),
                    item.get("lastHeartbeatAt"),
                    (System.nanoTime() - last) / 1e9));
      }
    }
  }

  /** Those of both kinds of clusters. */
  static Map<String, Long> heard(Iterable<BenchCluster> texts, List<HeldFleet.Member> members) {
    Map<String, Long> all = new HashMap<>();
    for (BenchCluster one : texts) {
      if (!one.deleting) {
        all.put(one.id, one.acceptedAtNanos);
      }
    }
    members.forEach(one -> all.put(one.text().id, one.cluster().acceptedAtNanos()));
    return all;
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
