package cx.niro.server.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.h2.engine.Session;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;

/**
 * Gives room in an open H2 file back. Each commit is a chunk of its own, and one page that is still
 * in use keeps a whole chunk. H2 gathers such pages in a thread that it does not have when it
 * stores each commit at once, and that would store a transaction by halves; so it is done here,
 * between transactions.
 *
 * @see <a href="https://h2database.com/html/mvstore.html">the file format</a>
 */
final class H2Space {
  /** Chunks are gathered while less than this part of all of them is in use. */
  private static final int LEAST_FILL_PERCENT = 50;

  /** Of pages in use, in one go: the page that is left of a large chunk keeps a large one. */
  private static final long FIRST_BYTES = 128 << 10;

  private static final long MOST_BYTES = 16 << 20;

  /** A page in memory, with those above it, is this much larger than in its chunk at least. */
  private static final int IN_MEMORY = 3;

  /**
   * Room is used again only so many commits after it became free: more than there are between two
   * forced writes, so that what was forced is whole after a power failure.
   */
  private static final int COMMITS_KEPT = 100;

  private H2Space() {}

  /** While nobody writes; what it gathered is stored by the next commit. */
  static void reclaim(Connection connection) {
    try {
      Session session = connection.unwrap(JdbcConnection.class).getSession();
      if (session instanceof SessionLocal local) {
        reclaim(local.getDatabase().getStore().getMvStore());
      }
    } catch (SQLException e) {
      throw new IllegalStateException("not a connection of H2: " + connection, e);
    }
  }

  private static void reclaim(MVStore store) {
    if (store.getFileStore() != null) {
      // In place of an age, which says nothing about what is on the disk.
      store.setRetentionTime(0);
      store.setVersionsToKeep(COMMITS_KEPT);
      gather(store);
    }
  }

  /**
   * The emptiest chunks come first, and among them those that H2 (seen in 2.5.252) thinks in use
   * and cannot gather, some four for 1,000 commits. When they use up what may be gathered in one
   * go, more may.
   */
  private static void gather(MVStore store) {
    for (long bytes = FIRST_BYTES; bytes <= MOST_BYTES; bytes *= 2) {
      store.compact(LEAST_FILL_PERCENT, (int) bytes);
      if (store.getUnsavedMemory() >= IN_MEMORY * bytes
          || store.getFileStore().getChunksFillRate() >= LEAST_FILL_PERCENT) {
        return;
      }
    }
  }
}
