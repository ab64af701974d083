package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What happened, by cluster. */
public interface TimelineStore {
  void append(TimelineEntry entry);

  /** Newest first; {@code kinds} empty for all. Pages stay stable while entries arrive. */
  Page<TimelineEntry> list(ClusterId cluster, Set<String> kinds, Page.Request page);

  /** Entries at or after {@code since}, the latest first, at most {@code limit}. */
  List<Touch> touchedSince(Instant since, int limit);

  /**
   * That something happened to a cluster.
   *
   * @param entry the number of the entry, which no other one has
   */
  record Touch(ClusterId cluster, long entry) {}
}
