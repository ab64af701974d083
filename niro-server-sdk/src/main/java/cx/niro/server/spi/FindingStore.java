package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Findings, and what people said of policies. */
public interface FindingStore {
  /** All of a cluster, open and exempt, in any order. */
  List<FindingRow> of(ClusterId cluster);

  /** Inserts each, or replaces the one with its (cluster, fingerprint), which keeps its place. */
  void put(Collection<FindingRow> findings);

  void remove(ClusterId cluster, Collection<Fingerprint> fingerprints);

  /**
   * Of these clusters, in the order of {@link RankedPlace} by {@link FindingRow#rank} and since.
   */
  Page<FindingRow> list(Set<ClusterId> clusters, FindingFilter filter, Page.Request page);

  /** The open ones of a cluster by severity; a severity without any may be left out. */
  Map<Severity, Integer> openCounts(ClusterId cluster);

  /** Empty when nobody said anything. */
  Optional<PolicySettings> settings(ClusterId cluster);

  void save(ClusterId cluster, PolicySettings settings);
}
