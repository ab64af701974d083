package cx.niro.server;

import cx.niro.core.ClusterId;
import cx.niro.core.OrganizationId;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Usage;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.TimelineEntry;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the fleet. Views come from memory and cost no database call once a cluster was seen; lists
 * are ordered by name, then id. All calls may block and are safe from any thread.
 */
public interface Fleet {
  /** All clusters of these organizations. Linear in the number of clusters of all organizations. */
  List<ClusterView> clusters(Set<OrganizationId> organizations);

  Optional<ClusterView> cluster(ClusterId id);

  /** The newest content and the merged usage figures; empty before the first beat. */
  Optional<Content> content(ClusterId id);

  Page<TimelineEntry> timeline(ClusterId id, Set<String> kinds, Page.Request page);

  /**
   * What was last reported.
   *
   * @param usage every figure known, newest values
   */
  record Content(ClusterSnapshot snapshot, Usage usage) {}
}
