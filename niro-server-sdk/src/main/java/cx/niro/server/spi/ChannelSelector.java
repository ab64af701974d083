package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.incident.IncidentType;
import java.util.Map;
import java.util.Set;

/**
 * Which incidents a channel tells; an empty part selects all.
 *
 * @param labels all of these must be on the cluster
 * @param types names of incident types
 */
public record ChannelSelector(
    Set<ClusterId> clusters,
    Set<Environment> environments,
    Map<String, String> labels,
    Set<String> types) {
  public static final ChannelSelector ALL =
      new ChannelSelector(Set.of(), Set.of(), Map.of(), Set.of());

  public ChannelSelector {
    clusters = Set.copyOf(clusters);
    environments = Set.copyOf(environments);
    labels = Map.copyOf(labels);
    types = Set.copyOf(types);
  }

  /** Whether incidents of this cluster can be meant. */
  public boolean covers(ClusterRow cluster) {
    return (clusters.isEmpty() || clusters.contains(cluster.id()))
        && (environments.isEmpty() || environments.contains(cluster.environment()))
        && cluster.labels().entrySet().containsAll(labels.entrySet());
  }

  /** Whether an incident of this type on this cluster is meant. */
  public boolean matches(ClusterRow cluster, IncidentType type) {
    return covers(cluster) && (types.isEmpty() || types.contains(type.name()));
  }
}
