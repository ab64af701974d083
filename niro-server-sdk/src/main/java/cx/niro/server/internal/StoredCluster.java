package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.HeldContent;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.InventoryDelta;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.PolicySettings;
import cx.niro.server.spi.SessionRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import cx.niro.server.spi.TimelineEntry;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is durable of a cluster, as it was read in one transaction.
 *
 * @param row null when it is gone
 * @param resolved of the incidents that were open in memory, those that are not any more
 * @param lastResolved read the first time only
 */
record StoredCluster(
    @Nullable ClusterRow row,
    @Nullable SessionRow session,
    List<IncidentRow> incidents,
    List<IncidentRow> resolved,
    List<CommandRow> commands,
    HeldPolicies policies,
    @Nullable Instant lastResolved) {
  private static final Logger LOG = LoggerFactory.getLogger(StoredCluster.class);

  static StoredCluster read(Stores stores, LiveCluster live, boolean first) {
    return stores.inTransaction(tx -> read(tx, live, first));
  }

  private static StoredCluster read(StoreTx tx, LiveCluster live, boolean first) {
    List<IncidentRow> open = tx.incidents().openOf(live.id);
    Set<IncidentId> still = ids(open);
    return new StoredCluster(
        tx.clusters().find(live.id).orElse(null),
        tx.sessions().find(live.id).orElse(null),
        open,
        live.state().incidents().stream()
            .filter(row -> !still.contains(row.id()))
            .flatMap(row -> tx.incidents().find(row.id()).stream())
            .filter(row -> !row.isOpen())
            .toList(),
        tx.commands().open(live.id),
        policies(tx, live.id),
        first ? lastResolved(tx, live.id) : null);
  }

  /** What is known of the cluster with this in it. */
  ClusterState over(ClusterState known, ClusterRow stored) {
    return resumed(known.with(stored).with(incidents).with(policies));
  }

  /** With the stored session, unless it is the one that is held. */
  private ClusterState resumed(ClusterState state) {
    boolean held =
        state.loaded() && session != null && session.version() == state.session().version();
    if (session == null || held) {
      return state.asLoaded();
    }
    Hearing heard = state.hearing();
    boolean same = session.bootGeneration() == state.session().bootGeneration();
    long sequence = same ? Math.max(heard.sequence(), session.sequence()) : session.sequence();
    return state.with(session).with(heard.renewed(sequence)).asLoaded();
  }

  static Set<IncidentId> ids(List<IncidentRow> rows) {
    return rows.stream().map(IncidentRow::id).collect(Collectors.toSet());
  }

  private static HeldPolicies policies(StoreTx tx, ClusterId id) {
    return new HeldPolicies(
        tx.findings().settings(id).orElse(PolicySettings.DEFAULT), tx.findings().openCounts(id));
  }

  private static @Nullable Instant lastResolved(StoreTx tx, ClusterId id) {
    Page.Request newest = new Page.Request(null, 1);
    return tx.timeline().list(id, Set.of("incident_resolved"), newest).items().stream()
        .map(TimelineEntry::at)
        .findFirst()
        .orElse(null);
  }

  /** With the stored content, if that is newer; in the lane. */
  static ClusterState withInventory(Stores stores, LiveCluster live, ClusterState state) {
    // In this order: what is folded into the row meanwhile is found there.
    List<InventoryDelta> deltas = stores.inventory().deltas(live.id);
    Optional<InventoryRow> row = stores.inventory().find(live.id);
    try {
      Optional<StoredContent> stored = row.map(it -> StoredContent.read(it, deltas));
      if (stored.isEmpty() || !isNewer(stored.get(), state)) {
        return state;
      }
      live.chain = stored.get().chain();
      return state.with(stored.get().held(), state.usage());
    } catch (DecodingException | UncheckedIOException e) {
      LOG.warn(
          "the stored inventory of cluster {} cannot be read; its agent sends it anew", live.id, e);
      return state;
    }
  }

  private static boolean isNewer(StoredContent stored, ClusterState state) {
    HeldContent.Head held = state.content() == null ? null : state.content().head();
    HeldContent there = stored.content();
    return held == null
        || (there.bootId().equals(held.bootId())
            ? there.revision() > held.revision()
            : stored.chain().bootGeneration() >= state.session().bootGeneration());
  }
}
