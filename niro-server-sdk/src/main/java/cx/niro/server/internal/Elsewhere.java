package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.Stores;
import cx.niro.server.spi.TimelineStore.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears by the timeline what other servers over the same stores did, so that a poll parked here
 * gets a command that was sent there, and whoever waits here hears of a result that was taken
 * there. By time with an overlap: what is committed late, or by a clock that is behind, is seen
 * too, and what is seen again costs nothing.
 */
final class Elsewhere {
  private static final Logger LOG = LoggerFactory.getLogger(Elsewhere.class);
  static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration OVERLAP = Duration.ofSeconds(5);
  private static final int MOST = 10_000;

  private final Stores stores;
  private final Platform platform;
  private final LiveClusters clusters;
  private final PollDesk polls;
  private final CommandWriter writer;
  private volatile Instant readUpTo;
  private volatile Set<Touch> told = Set.of();
  private volatile Set<Touch> woken = Set.of();

  Elsewhere(
      Stores stores,
      Platform platform,
      LiveClusters clusters,
      PollDesk polls,
      CommandWriter writer) {
    this.stores = stores;
    this.platform = platform;
    this.clusters = clusters;
    this.polls = polls;
    this.writer = writer;
    this.readUpTo = platform.now();
  }

  /** Blocks; one pass at a time. */
  void read() {
    Instant now = platform.now();
    Instant since = readUpTo.minus(OVERLAP);
    List<Touch> touched = stores.inTransaction(tx -> tx.timeline().touchedSince(since, MOST));
    told = after(told, touched, this::tellWaiters);
    woken = after(woken, touched, this::wake);
    readUpTo = now;
  }

  /** Those that were done before, and those that are now: one step for a cluster. */
  private static Set<Touch> after(
      Set<Touch> before, List<Touch> touched, Predicate<ClusterId> step) {
    Map<ClusterId, Boolean> done = new HashMap<>();
    return touched.stream()
        .filter(
            touch -> before.contains(touch) || done.computeIfAbsent(touch.cluster(), step::test))
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean tellWaiters(ClusterId id) {
    try {
      writer.lookAtAwaited(id);
      return true;
    } catch (RuntimeException e) {
      LOG.warn("commands of {} that are waited for are read later: {}", id, e.getMessage());
      return false;
    }
  }

  /** False where no poll is parked: one that is being answered now may not have seen it. */
  private boolean wake(ClusterId id) {
    LiveCluster live = clusters.known(id);
    if (live == null || live.parked == null) {
      return false;
    }
    polls.wake(live);
    return true;
  }
}
