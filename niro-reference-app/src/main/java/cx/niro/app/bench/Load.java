package cx.niro.app.bench;

import cx.niro.app.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An even load: each of a few threads does its share at times that are fixed before, so that a slow
 * answer delays nothing but what is behind it on its own thread, and counts there as latency.
 *
 * @param rate a second, of all threads together; 0 for as fast as it goes
 * @param toTheEnd whether what is late when the time is over is still done
 */
record Load(int threads, double rate, Duration time, boolean toTheEnd) {
  Load(int threads, double rate, Duration time) {
    this(threads, rate, time, false);
  }

  /** One operation of a thread; false when it failed. */
  interface Operation {
    boolean run(int thread) throws IOException;
  }

  /** How it went; latencies in milliseconds. */
  record Outcome(int count, long failed, double p50, double p99) {
    static Outcome of(long[] sorted, long failed) {
      return new Outcome(sorted.length, failed, millis(sorted, 0.5), millis(sorted, 0.99));
    }

    private static double millis(long[] sorted, double quantile) {
      int last = sorted.length - 1;
      return last < 0 ? 0 : sorted[Math.min(last, (int) (quantile * sorted.length))] / 1e6;
    }
  }

  Outcome run(Operation operation) {
    ExecutorService pool = Executors.newFixedThreadPool(threads, SystemTime.daemons("load"));
    long start = SystemTime.NANOS.getAsLong();
    List<Future<Share>> shares = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int thread = i;
      shares.add(pool.submit(() -> share(operation, thread, start)));
    }
    long[] all = new long[0];
    long failed = 0;
    try {
      for (Future<Share> one : shares) {
        Share share = one.get();
        int from = all.length;
        all = Arrays.copyOf(all, from + share.count);
        System.arraycopy(share.latencies, 0, all, from, share.count);
        failed += share.failed;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
    Arrays.sort(all);
    return Outcome.of(all, failed);
  }

  private static final class Share {
    long[] latencies = new long[1024];
    int count;
    long failed;

    void add(long nanos) {
      if (count == latencies.length) {
        latencies = Arrays.copyOf(latencies, 2 * count);
      }
      latencies[count++] = nanos;
    }
  }

  private Share share(Operation operation, int thread, long start) throws IOException {
    Share share = new Share();
    long end = start + time.toNanos();
    long now = start;
    for (long k = 0; (toTheEnd || now < end) && !Thread.currentThread().isInterrupted(); k++) {
      long due = now;
      if (rate > 0) {
        due = start + (long) ((k * threads + thread) / rate * TimeUnit.SECONDS.toNanos(1));
        if (due >= end) {
          break;
        }
        sleepUntil(due);
      }
      if (operation.run(thread)) {
        share.add(SystemTime.NANOS.getAsLong() - due);
      } else {
        share.failed++;
      }
      now = SystemTime.NANOS.getAsLong();
    }
    return share;
  }

  private static void sleepUntil(long due) {
    long ahead = due - SystemTime.NANOS.getAsLong();
    while (ahead > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(ahead);
      ahead = due - SystemTime.NANOS.getAsLong();
    }
  }
}
