package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.EnrollAgainException;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Looks at clusters when their moment has come: silence, detection by time, leases and deadlines of
 * commands, drift. Costs nothing for clusters that are not due.
 */
final class Sweeper {
  private static final int AT_ONCE = 1000;

  /** Beside the sweeping thread; their transactions share forced writes. */
  private static final int LOOKERS = 3;

  private static final Duration SLICE = Duration.ofSeconds(1);

  /** So few are not worth another thread. */
  private static final int FEW = 16;

  private final Stores stores;
  private final Platform platform;
  private final LiveClusters clusters;
  private final Ingest ingest;
  private final CommandWriter writer;
  private final PollDesk polls;
  private final DriftWatch drift;
  private final Work work;
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private final Queue<ClusterId> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger lookers = new AtomicInteger();

  Sweeper(
      Stores stores,
      Platform platform,
      LiveClusters clusters,
      Ingest ingest,
      CommandWriter writer,
      PollDesk polls,
      DriftWatch drift,
      Work work) {
    this.stores = stores;
    this.platform = platform;
    this.clusters = clusters;
    this.ingest = ingest;
    this.writer = writer;
    this.polls = polls;
    this.drift = drift;
    this.work = work;
  }

  /**
   * Blocks, for about {@link #SLICE} at most: who comes late to the next pass seems to have been
   * away. One pass at a time; when many clusters are due, up to three more threads look too.
   */
  void sweep() {
    if (!sweeping.compareAndSet(false, true)) {
      return;
    }
    try {
      int room = Math.max(0, AT_ONCE - waiting.size());
      waiting.addAll(clusters.due().take(platform.now(), room));
      for (int i = Math.min(LOOKERS, waiting.size() / FEW); i > 0; i--) {
        callLooker();
      }
      lookAtWaiting();
    } finally {
      sweeping.set(false);
    }
  }

  private void callLooker() {
    boolean called =
        lookers.incrementAndGet() <= LOOKERS && work.run("looking at clusters", this::help);
    if (!called) {
      lookers.decrementAndGet();
    }
  }

  private void help() {
    try {
      lookAtWaiting();
    } finally {
      lookers.decrementAndGet();
    }
  }

  private void lookAtWaiting() {
    long end = platform.nanos().getAsLong() + SLICE.toNanos();
    boolean more = true;
    while (more && platform.nanos().getAsLong() - end < 0) {
      ClusterId next = waiting.poll();
      more = next != null;
      if (next != null) {
        work.guarded("looking at cluster " + next, () -> look(next));
      }
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
    } catch (EnrollAgainException e) {
      if (live.isDeleted()) {
        return false;
      }
      throw e;
    } finally {
      if (!done && !live.isDeleted()) {
        clusters.due().add(live.id, platform.now().plusSeconds(5));
      }
    }
  }

  private boolean look(LiveCluster live) {
    if (clusters.judges(live)) {
      ingest.recheck(live);
    }
    boolean commands = clusters.minds(live) && lookAtCommands(live);
    if (live.drift.isDue(platform.now()) && clusters.isHere(live)) {
      work.guarded(
          "looking for drift of cluster " + live.id,
          () -> drift.look(live, () -> clusters.isHeard(live)));
    }
    return commands;
  }

  private boolean lookAtCommands(LiveCluster live) {
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
