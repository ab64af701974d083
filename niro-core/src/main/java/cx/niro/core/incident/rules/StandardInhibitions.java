package cx.niro.core.incident.rules;

import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Inhibition;
import cx.niro.core.incident.Inhibition.Relation;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which incident explains which. That a section which cannot be read explains what would be read
 * from it needs no row: those rules answer unknown.
 */
final class StandardInhibitions {
  private static final Set<IncidentType> LOST_NODES = types("node_not_ready", "node_missing");

  /** In the order in which a cause is looked for. */
  static final List<Inhibition> ALL =
      List.of(
          Inhibition.ofAllBut(
              types("cluster_offline"),
              families("cluster_", "agent_", "certificate_expiring"),
              Relation.CLUSTER),
          Inhibition.of(
              types("api_server_unreachable"), types("inventory_incomplete"), Relation.CLUSTER),
          Inhibition.ofAllBut(
              LOST_NODES,
              families("cluster_", "agent_", "certificate_expiring", "node_"),
              Relation.DEPENDENCY),
          Inhibition.of(
              LOST_NODES,
              types("node_memory_pressure", "node_disk_pressure", "node_pid_pressure"),
              Relation.SAME_SCOPE),
          Inhibition.of(types("node_flapping"), types("node_not_ready"), Relation.SAME_SCOPE),
          Inhibition.of(
              types("node_disk_pressure", "node_memory_pressure"),
              types("pod_evicted"),
              Relation.DEPENDENCY),
          Inhibition.of(
              types("pvc_pending", "pvc_lost"),
              types("pod_unschedulable", "pod_stuck_pending", "volume_mount_failed"),
              Relation.DEPENDENCY),
          Inhibition.of(
              types(
                  "image_pull_error",
                  "pod_crash_looping",
                  "container_config_error",
                  "pod_unschedulable",
                  "volume_mount_failed",
                  "init_container_failing"),
              types(
                  "pod_not_ready",
                  "pod_stuck_pending",
                  "workload_replicas_unavailable",
                  "statefulset_degraded",
                  "daemonset_degraded",
                  "deployment_failed"),
              Relation.SAME_WORKLOAD),
          Inhibition.of(
              types("container_config_error"),
              types("pod_crash_looping", "init_container_failing"),
              Relation.SAME_SCOPE),
          Inhibition.of(
              types("pod_crash_looping", "init_container_failing"),
              types("container_oom_killed", "pod_restarting", "probe_failing"),
              Relation.SAME_SCOPE),
          Inhibition.of(
              types("container_oom_killed"), types("pod_restarting"), Relation.SAME_SCOPE),
          Inhibition.of(
              types("k3s_component_unhealthy"),
              types("deployment_failed", "workload_replicas_unavailable"),
              Relation.SAME_WORKLOAD),
          Inhibition.of(
              types("deployment_failed"),
              types("workload_replicas_unavailable", "pod_not_ready"),
              Relation.SAME_WORKLOAD),
          Inhibition.of(
              types("workload_replicas_unavailable"),
              types("pod_not_ready"),
              Relation.SAME_WORKLOAD));

  private StandardInhibitions() {}

  private static Set<IncidentType> types(String... names) {
    return Arrays.stream(names).map(IncidentType::new).collect(Collectors.toUnmodifiableSet());
  }

  private static Predicate<IncidentType> families(String... beginnings) {
    return type -> Arrays.stream(beginnings).anyMatch(type.name()::startsWith);
  }
}
