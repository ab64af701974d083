package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Hears by the timeline what other servers over the same stores did, so that a poll parked here
 * gets a command that was sent there, and whoever waits here hears of a result that was taken
 * there. By time with an overlap: what is committed late, or by a clock that is behind, is seen
 * too, and what is seen again costs a look.
 */
final class Elsewhere {
  static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration OVERLAP = Duration.ofSeconds(5);
  private static final int MOST = 10_000;

  private final Stores stores;
  private final Platform platform;
  private final LiveClusters clusters;
  private final PollDesk polls;
  private final CommandWriter writer;
  private volatile Instant readUpTo;

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
    List<ClusterId> touched = stores.inTransaction(tx -> tx.timeline().touchedSince(since, MOST));
    for (ClusterId id : touched) {
      clusters.ifKnown(id, this::look);
      writer.lookAtAwaited(id);
    }
    readUpTo = now;
  }

  private void look(LiveCluster live) {
    if (live.parked != null) {
      polls.wake(live);
    }
  }
}
