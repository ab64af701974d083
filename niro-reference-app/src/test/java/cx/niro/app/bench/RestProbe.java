package cx.niro.app.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Asks the REST API the same questions again and again, on threads that a person could be. */
final class RestProbe implements AutoCloseable {
  private final PlainClient client;
  private final Map<String, List<Long>> nanos = new LinkedHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean ended;
  private int failures;

  /**
   * @param pause of each of the two threads between two questions
   */
  RestProbe(PlainClient client, Map<String, String> questions, Duration pause) {
    this.client = client;
    for (int i = 0; i < 2; i++) {
      Thread thread = new Thread(() -> ask(questions, pause), "probe-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  private void ask(Map<String, String> questions, Duration pause) {
    while (!ended) {
      questions.forEach(
          (name, path) -> {
            if (!ended) {
              ask(name, path);
              LockSupport.parkNanos(pause.toNanos());
            }
          });
    }
  }

  private void ask(String name, String path) {
    long start = System.nanoTime();
    boolean ok =
        client
            .once(PlainClient.Call.get(path, ServerProcess.ADMIN_TOKEN))
            .filter(PlainClient.Answer::ok)
            .isPresent();
    long took = System.nanoTime() - start;
    synchronized (this) {
      nanos.computeIfAbsent(name, any -> new ArrayList<>()).add(took);
      failures += ok ? 0 : 1;
    }
  }

  /** Prints what was measured since the last time, and begins anew. */
  synchronized void report(String phase) {
    List<Long> all = new ArrayList<>();
    nanos.forEach(
        (name, some) -> {
          all.addAll(some);
          print(phase, name, some);
        });
    print(phase, "all", all);
    System.out.println(phase + ": " + failures + " of " + all.size() + " not answered well");
    nanos.clear();
    failures = 0;
  }

  private static void print(String phase, String name, List<Long> some) {
    long[] sorted = some.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    if (sorted.length > 0) {
      System.out.printf(
          Locale.ROOT,
          "%-22s %-12s n %5d  p50 %7.1f ms  p99 %7.1f ms  longest %7.1f ms%n",
          phase,
          name,
          sorted.length,
          sorted[sorted.length / 2] / 1e6,
          sorted[sorted.length * 99 / 100] / 1e6,
          sorted[sorted.length - 1] / 1e6);
    }
  }

  @Override
  public void close() {
    ended = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
