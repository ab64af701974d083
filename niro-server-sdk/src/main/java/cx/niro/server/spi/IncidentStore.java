package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.core.incident.Fingerprint;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Incidents. */
public interface IncidentStore {
  /**
   * Unique among the open ones by (cluster, fingerprint): false, and nothing written, when one is
   * open already.
   */
  boolean open(IncidentRow incident);

  Optional<IncidentRow> find(IncidentId id);

  Optional<IncidentRow> findOpen(ClusterId cluster, Fingerprint fingerprint);

  /** Replaces the row with this id. */
  void update(IncidentRow incident);

  List<IncidentRow> openOf(ClusterId cluster);

  /**
   * Of these clusters only, in the order of {@link RankedPlace} by {@link IncidentRow#rank} and
   * since. Nobody is skipped or repeated while others arrive; one that changes its rank may be.
   */
  Page<IncidentRow> list(Set<ClusterId> clusters, IncidentFilter filter, Page.Request page);

  /** Conditional on the incident being resolved; false, and nothing written, otherwise. */
  boolean deleteResolved(IncidentId id);
}
