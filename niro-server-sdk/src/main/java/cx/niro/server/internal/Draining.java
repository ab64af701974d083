package cx.niro.server.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers parked polls when a server is about to end, spread so that agents do not come at once.
 */
final class Draining {
  private static final Logger LOG = LoggerFactory.getLogger(Draining.class);

  private final Platform platform;
  private final Gate gate;
  private final PollDesk polls;
  private final Work work;
  private final List<Future<?>> timers = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();

  Draining(Platform platform, Gate gate, PollDesk polls, Work work) {
    this.platform = platform;
    this.gate = gate;
    this.polls = polls;
    this.work = work;
  }

  /** Once; never blocks. */
  CompletionStage<Void> begin(Collection<LiveCluster> clusters, Duration over) {
    List<CompletableFuture<?>> answered = new ArrayList<>();
    for (LiveCluster live : clusters) {
      if (live.parked != null) {
        answered.add(letGoLater(live, over));
      }
    }
    LOG.info("Niro server drains {} parked polls over {}", answered.size(), over);
    var unused =
        CompletableFuture.allOf(answered.toArray(CompletableFuture[]::new))
            .thenRun(() -> drained.complete(null));
    return drained;
  }

  private CompletableFuture<Boolean> letGoLater(LiveCluster live, Duration over) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    long delay = (long) (platform.random().nextDouble() * over.toMillis());
    Runnable letGo =
        () -> {
          polls.letGo(live, gate.spread());
          done.complete(true);
        };
    timers.add(
        platform
            .scheduler()
            .schedule(() -> work.run("drain", letGo), delay, TimeUnit.MILLISECONDS));
    return done;
  }

  /** Answers all that are left, at once. */
  void end(Collection<LiveCluster> clusters) {
    timers.forEach(timer -> timer.cancel(false));
    clusters.forEach(live -> polls.letGo(live, gate.spread()));
    drained.complete(null);
  }
}
