package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.NiroException;
import cx.niro.core.OrganizationId;
import cx.niro.core.Severity;
import cx.niro.core.StatusVerdict;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.server.ClusterView;
import cx.niro.server.Fleet;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.Stores;
import cx.niro.server.spi.TimelineEntry;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fleet from memory. */
final class FleetReader implements Fleet {
  private static final Comparator<ClusterView> BY_NAME =
      Comparator.<ClusterView, String>comparing(view -> view.cluster().name())
          .thenComparing(view -> view.cluster().id().value());

  private final Stores stores;
  private final LiveClusters clusters;

  FleetReader(Stores stores, LiveClusters clusters) {
    this.stores = stores;
    this.clusters = clusters;
  }

  @Override
  public List<ClusterView> clusters(Set<OrganizationId> organizations) {
    return clusters.all().stream()
        .filter(live -> organizations.contains(live.state().row().organization()))
        .flatMap(live -> view(live).stream())
        .sorted(BY_NAME)
        .toList();
  }

  @Override
  public Optional<ClusterView> cluster(ClusterId id) {
    return clusters.find(id).flatMap(this::view);
  }

  @Override
  public Optional<Content> content(ClusterId id) {
    return clusters
        .find(id)
        .flatMap(this::loaded)
        .filter(state -> state.content() != null)
        .map(state -> new Content(state.snapshot(), state.usage()));
  }

  @Override
  public Page<TimelineEntry> timeline(ClusterId id, Set<String> kinds, Page.Request page) {
    return stores.inTransaction(tx -> tx.timeline().list(id, kinds, page));
  }

  /** Empty when the cluster was deleted just now. */
  private Optional<ClusterState> loaded(LiveCluster live) {
    ClusterState state = live.state();
    if (state.loaded() && !live.isStale()) {
      return Optional.of(state);
    }
    try {
      return Optional.of(clusters.inLane(live, live::state));
    } catch (NiroException e) {
      if (live.isDeleted()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<ClusterView> view(LiveCluster live) {
    return loaded(live).map(state -> view(live, state));
  }

  private ClusterView view(LiveCluster live, ClusterState state) {
    StatusVerdict verdict = clusters.verdict(live);
    ClusterContent content = state.content();
    return new ClusterView(
        state.row(),
        verdict.status(),
        verdict.reason(),
        verdict.since(),
        state.hearing().lastBeatAt(),
        state.info(),
        content == null ? null : count(content.section(Section.NODES), content.nodes()),
        content == null ? null : count(content.section(Section.PODS), content.pods()),
        bySeverity(state),
        state.policies().openFindings());
  }

  private static Map<Severity, Integer> bySeverity(ClusterState state) {
    Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
    state.counting().forEach(row -> counts.merge(row.telling().severity(), 1, Integer::sum));
    return counts;
  }

  private static @Nullable Integer count(SectionStatus status, int listed) {
    if (status.state() == SectionStatus.State.OFF) {
      return null;
    }
    Integer total = status.total();
    return total == null || total < listed ? listed : total;
  }
}
