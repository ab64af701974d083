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

  /** Clusters with an entry at or after {@code since}, each once, at most {@code limit}. */
  List<ClusterId> touchedSince(Instant since, int limit);
}
