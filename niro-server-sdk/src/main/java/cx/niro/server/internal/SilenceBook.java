package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.OrganizationId;
import cx.niro.server.internal.outbox.Silences;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.SilenceRow;
import cx.niro.server.spi.StoreTx;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which silence covers which incident at one moment; reads each cluster and silence once. */
final class SilenceBook implements Silences.Book {
  private final StoreTx tx;
  private final Instant now;
  private final Map<ClusterId, Optional<ClusterRow>> clusters = new HashMap<>();
  private final Map<OrganizationId, List<SilenceRow>> active = new HashMap<>();

  SilenceBook(StoreTx tx, Instant now) {
    this.tx = tx;
    this.now = now;
  }

  @Override
  public Optional<Instant> until(ClusterRow cluster, IncidentRow incident) {
    return covering(cluster, incident).map(SilenceRow::endsAt);
  }

  /** The active one that lasts longest. */
  Optional<SilenceRow> covering(IncidentRow incident) {
    return clusters
        .computeIfAbsent(incident.cluster(), tx.clusters()::find)
        .flatMap(cluster -> covering(cluster, incident));
  }

  Optional<SilenceRow> covering(ClusterRow cluster, IncidentRow incident) {
    return active.computeIfAbsent(cluster.organization(), this::activeOf).stream()
        .filter(silence -> silence.covers(cluster, incident.what()))
        .max(Comparator.comparing(SilenceRow::endsAt));
  }

  private List<SilenceRow> activeOf(OrganizationId organization) {
    return tx.silences().notEnded(organization, now).stream()
        .filter(silence -> silence.state(now) == SilenceRow.State.ACTIVE)
        .toList();
  }
}
