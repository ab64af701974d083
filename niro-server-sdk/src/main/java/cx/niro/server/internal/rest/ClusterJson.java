package cx.niro.server.internal.rest;

import cx.niro.core.ClusterId;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.server.ClusterView;
import cx.niro.server.spi.ClusterRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A cluster as a fleet screen shows it. */
public record ClusterJson(
    String id,
    String name,
    String organization,
    String environment,
    Map<String, String> labels,
    String status,
    String statusReason,
    Instant statusSince,
    @Nullable Instant lastHeartbeatAt,
    @Nullable Instant enrolledAt,
    Instant createdAt,
    @Nullable String kubernetesVersion,
    @Nullable String distribution,
    @Nullable String agentVersion,
    @Nullable Integer nodes,
    @Nullable Integer pods,
    int openIncidents,
    Map<String, Integer> incidents,
    Map<String, Integer> findings,
    List<String> capabilities,
    @Nullable Integer unknownAfterSeconds,
    @Nullable Integer offlineAfterSeconds) {

  public static ClusterJson of(ClusterView view) {
    ClusterRow row = view.cluster();
    ClusterInfo info = view.info();
    return new ClusterJson(
        row.id().value(),
        row.name(),
        row.organization().value(),
        row.environment().wireName(),
        row.labels(),
        view.status().wireName(),
        view.statusReason(),
        view.statusSince(),
        view.lastHeartbeatAt(),
        row.enrolledAt(),
        row.createdAt(),
        info.kubernetesVersion(),
        info.distribution(),
        info.agentVersion(),
        view.nodes(),
        view.pods(),
        view.openIncidents(),
        FleetJson.bySeverity(view.incidents()),
        FleetJson.bySeverity(view.findings()),
        List.copyOf(info.capabilities().names()),
        row.unknownAfterSeconds(),
        row.offlineAfterSeconds());
  }

  /** Just enough to link to it. */
  public record Reference(String id, String name) {
    public static Reference of(ClusterView view) {
      return new Reference(view.cluster().id().value(), view.cluster().name());
    }

    public static Map<ClusterId, Reference> byId(List<ClusterView> views) {
      return views.stream().collect(Collectors.toMap(view -> view.cluster().id(), Reference::of));
    }
  }
}
