package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks at clusters when their moment has come: silence, detection by time, leases and deadlines of
 * commands. Costs nothing for clusters that are not due.
 */
final class Sweeper {
  private static final int AT_ONCE = 1000;

  private final Stores stores;
  private final Platform platform;
  private final LiveClusters clusters;
  private final Ingest ingest;
  private final CommandWriter writer;
  private final PollDesk polls;
  private final Work work;
  private final AtomicBoolean sweeping = new AtomicBoolean();

  Sweeper(
      Stores stores,
      Platform platform,
      LiveClusters clusters,
      Ingest ingest,
      CommandWriter writer,
      PollDesk polls,
      Work work) {
    this.stores = stores;
    this.platform = platform;
    this.clusters = clusters;
    this.ingest = ingest;
    this.writer = writer;
    this.polls = polls;
    this.work = work;
  }

  /** Blocks; one pass at a time. */
  void sweep() {
    if (!sweeping.compareAndSet(false, true)) {
      return;
    }
    try {
      for (ClusterId id : clusters.due().take(platform.now(), AT_ONCE)) {
        work.guarded("looking at cluster " + id, () -> look(id));
      }
    } finally {
      sweeping.set(false);
    }
  }

  private void look(ClusterId id) {
    LiveCluster live = clusters.known(id);
    if (live == null || live.isDeleted()) {
      return;
    }
    boolean pollMayHaveWork = lookAgainOnFailure(live);
    if (pollMayHaveWork) {
      polls.wake(live);
    }
  }

  private boolean lookAgainOnFailure(LiveCluster live) {
    boolean done = false;
    try {
      boolean commands = clusters.inLane(live, () -> look(live));
      done = true;
      return commands;
    } finally {
      if (!done && !live.isDeleted()) {
        clusters.due().add(live.id, platform.now().plusSeconds(5));
      }
    }
  }

  private boolean look(LiveCluster live) {
    ingest.recheck(live);
    Instant now = platform.now();
    Instant due = live.commandsDueAt;
    if (due == null || due.isAfter(now)) {
      return false;
    }
    writer.carryOut(
        live, open -> CommandPlan.forTime(open, live.boot(), now), Sweeper::nothingMore);
    return true;
  }

  private static List<CommandId> nothingMore(StoreTx tx) {
    return List.of();
  }

  /** Commands that another replica left behind: asked for now and then, found by their due time. */
  void findForgotten() {
    Instant now = platform.now();
    stores
        .inTransaction(tx -> tx.commands().clustersWithDue(now, AT_ONCE))
        .forEach(id -> clusters.due().add(id, now));
  }
}
