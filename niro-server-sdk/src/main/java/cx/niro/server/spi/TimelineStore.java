package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import java.util.Set;

/** What happened, by cluster. */
public interface TimelineStore {
  void append(TimelineEntry entry);

  /** Newest first; {@code kinds} empty for all. Pages stay stable while entries arrive. */
  Page<TimelineEntry> list(ClusterId cluster, Set<String> kinds, Page.Request page);
}
