package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.SessionRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions on their way to the store in batches, in which nothing moved but what detection
 * remembers: no incident, no line of a timeline, no finding, no new process. A crash loses about a
 * second of it, and a server judges the first beat that it hears whatever it says. Until then the
 * session in memory is ahead of the stored one of the same version.
 */
final class UnsavedSessions {
  private static final Logger LOG = LoggerFactory.getLogger(UnsavedSessions.class);
  private static final int BATCH = 200;

  private final Stores stores;
  private final Set<LiveCluster> changed = ConcurrentHashMap.newKeySet();

  /** Held during the writes, by flushes only. */
  private final ReentrantLock flushing = new ReentrantLock();

  UnsavedSessions(Stores stores) {
    this.stores = stores;
  }

  void add(LiveCluster live) {
    changed.add(live);
  }

  /** It is saved with a step. */
  void remove(LiveCluster live) {
    changed.remove(live);
  }

  /** Blocks, also while another flush runs. What cannot be written stays for the next time. */
  void flush() {
    flushing.lock();
    try {
      flushAll();
    } finally {
      flushing.unlock();
    }
  }

  private void flushAll() {
    // In one order, so that two servers never wait for each other's rows.
    List<LiveCluster> all = new ArrayList<>(changed);
    all.sort(Comparator.comparing(live -> live.id.value()));
    @Nullable RuntimeException first = null;
    for (int from = 0; from < all.size(); from += BATCH) {
      try {
        save(all.subList(from, Math.min(from + BATCH, all.size())));
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private void save(List<LiveCluster> batch) {
    Map<LiveCluster, SessionRow> rows = new LinkedHashMap<>();
    for (LiveCluster live : batch) {
      changed.remove(live);
      if (!live.isDeleted()) {
        rows.put(live, live.state().session());
      }
    }
    Set<ClusterId> saved;
    try {
      saved = stores.inTransaction(tx -> write(tx, rows));
    } catch (RuntimeException e) {
      changed.addAll(rows.keySet());
      throw e;
    }
    rows.forEach((live, row) -> settle(live, row, saved.contains(live.id)));
  }

  private static Set<ClusterId> write(StoreTx tx, Map<LiveCluster, SessionRow> rows) {
    Set<ClusterId> saved = new HashSet<>();
    for (SessionRow row : rows.values()) {
      if (tx.sessions().save(row.inVersion(row.version() + 1))) {
        saved.add(row.cluster());
      }
    }
    return saved;
  }

  /** Without the lane, for which whoever works there would be waited for. */
  private static void settle(LiveCluster live, SessionRow row, boolean saved) {
    if (saved) {
      live.sessionStored(row.version() + 1);
    } else if (live.state().session().version() == row.version()) {
      LOG.debug("the stored session of cluster {} is newer", live.id);
      live.touchedElsewhere = true;
    }
  }
}
