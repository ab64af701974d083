package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.ReplicaStore.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what other servers over the same stores wrote: a poll parked here gets a command or a
 * cancellation from there, whoever waits here hears of a result from there, and what is held of the
 * cluster in memory is read anew. By time with an overlap: what is committed late is seen too, and
 * what is seen again costs nothing.
 */
final class Elsewhere {
  private static final Logger LOG = LoggerFactory.getLogger(Elsewhere.class);
  static final Duration PERIOD = Duration.ofSeconds(1);

  /** A commit may take so long and is seen all the same. */
  private static final Duration OVERLAP = Duration.ofSeconds(10);

  /** When another server has just said that there is something. */
  private static final Duration JUST_NOW = Duration.ofMillis(500);

  private static final int MOST = 10_000;

  private final Sharing sharing;
  private final Platform platform;
  private final LiveClusters clusters;
  private final PollDesk polls;
  private final CommandWriter writer;
  private final Runnable news;
  private final AtomicBoolean reading = new AtomicBoolean();
  private volatile Instant readUpTo;
  private volatile Set<Touch> seen = Set.of();
  private volatile Set<Touch> told = Set.of();
  private volatile Set<Touch> woken = Set.of();

  Elsewhere(
      Sharing sharing,
      Platform platform,
      LiveClusters clusters,
      PollDesk polls,
      CommandWriter writer,
      Runnable news) {
    this.news = news;
    this.sharing = sharing;
    this.platform = platform;
    this.clusters = clusters;
    this.polls = polls;
    this.writer = writer;
    this.readUpTo = platform.now();
  }

  /** At the start, when the list of clusters is about to be read. */
  void begin() {
    readUpTo = platform.now();
  }

  /** Once a second; blocks. */
  void read() {
    read(OVERLAP);
  }

  /** The same at once, for what was written just now. */
  void readNewest() {
    read(JUST_NOW);
  }

  private void read(Duration overlap) {
    if (!reading.compareAndSet(false, true)) {
      return;
    }
    try {
      Instant now = platform.now();
      Instant since = readUpTo.minus(overlap);
      List<Touch> touched =
          sharing
              .given()
              .inTransaction(tx -> tx.replicas().touchedSince(since, sharing.me(), MOST));
      boolean whole = overlap.equals(OVERLAP);
      if (!seen.containsAll(touched)) {
        news.run();
      }
      seen = done(whole, seen, after(seen, touched, this::see));
      told = done(whole, told, after(told, touched, this::tellWaiters));
      woken = done(whole, woken, after(woken, touched, this::wake));
      if (touched.size() == MOST) {
        clusters.all().forEach(live -> see(live.id));
      }
      readUpTo = now;
    } finally {
      reading.set(false);
    }
  }

  /** What a short look did not come by may still be seen by the next long one. */
  private static Set<Touch> done(boolean whole, Set<Touch> before, Set<Touch> now) {
    return whole
        ? now
        : Stream.of(before, now).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
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

  /** What is held of it is void; a cluster that was made elsewhere is on the list from now on. */
  private boolean see(ClusterId id) {
    return trying("is read later", id, () -> clusters.touchedElsewhere(id));
  }

  private boolean tellWaiters(ClusterId id) {
    return trying("that are waited for are read later", id, () -> writer.lookAtAwaited(id));
  }

  private static boolean trying(String orElse, ClusterId id, Runnable step) {
    try {
      step.run();
      return true;
    } catch (RuntimeException e) {
      LOG.warn("what another server wrote of {} {}: {}", id, orElse, e.getMessage());
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
