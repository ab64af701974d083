package cx.niro.core.incident;

import java.util.regex.Pattern;

/** The kind of an incident, in snake_case; embedders make their own as {@code acme_something}. */
public record IncidentType(String name) {
  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

  public static final IncidentType CLUSTER_OFFLINE = new IncidentType("cluster_offline");
  public static final IncidentType NODE_NOT_READY = new IncidentType("node_not_ready");
  public static final IncidentType NODE_FLAPPING = new IncidentType("node_flapping");
  public static final IncidentType NODE_MEMORY_PRESSURE = new IncidentType("node_memory_pressure");
  public static final IncidentType NODE_DISK_PRESSURE = new IncidentType("node_disk_pressure");
  public static final IncidentType NODE_PID_PRESSURE = new IncidentType("node_pid_pressure");
  public static final IncidentType NODE_CPU_SATURATED = new IncidentType("node_cpu_saturated");
  public static final IncidentType NODE_MEMORY_SATURATED =
      new IncidentType("node_memory_saturated");
  public static final IncidentType NODE_MISSING = new IncidentType("node_missing");
  public static final IncidentType CONTROL_PLANE_QUORUM_AT_RISK =
      new IncidentType("control_plane_quorum_at_risk");
  public static final IncidentType DEPLOYMENT_FAILED = new IncidentType("deployment_failed");
  public static final IncidentType DRIFT_DETECTED = new IncidentType("drift_detected");
  public static final IncidentType WORKLOAD_REPLICAS_UNAVAILABLE =
      new IncidentType("workload_replicas_unavailable");
  public static final IncidentType STATEFULSET_DEGRADED = new IncidentType("statefulset_degraded");
  public static final IncidentType DAEMONSET_DEGRADED = new IncidentType("daemonset_degraded");
  public static final IncidentType JOB_FAILED = new IncidentType("job_failed");
  public static final IncidentType K3S_COMPONENT_UNHEALTHY =
      new IncidentType("k3s_component_unhealthy");
  public static final IncidentType PVC_PENDING = new IncidentType("pvc_pending");
  public static final IncidentType PVC_LOST = new IncidentType("pvc_lost");
  public static final IncidentType POD_CRASH_LOOPING = new IncidentType("pod_crash_looping");
  public static final IncidentType IMAGE_PULL_ERROR = new IncidentType("image_pull_error");
  public static final IncidentType CONTAINER_CONFIG_ERROR =
      new IncidentType("container_config_error");
  public static final IncidentType INIT_CONTAINER_FAILING =
      new IncidentType("init_container_failing");
  public static final IncidentType POD_RESTARTING = new IncidentType("pod_restarting");
  public static final IncidentType CONTAINER_OOM_KILLED = new IncidentType("container_oom_killed");
  public static final IncidentType POD_UNSCHEDULABLE = new IncidentType("pod_unschedulable");
  public static final IncidentType POD_STUCK_PENDING = new IncidentType("pod_stuck_pending");
  public static final IncidentType POD_NOT_READY = new IncidentType("pod_not_ready");
  public static final IncidentType POD_EVICTED = new IncidentType("pod_evicted");
  public static final IncidentType VOLUME_MOUNT_FAILED = new IncidentType("volume_mount_failed");
  public static final IncidentType AGENT_DUPLICATE = new IncidentType("agent_duplicate");
  public static final IncidentType ENROLLMENT_CONTESTED = new IncidentType("enrollment_contested");

  public IncidentType {
    if (name.length() > 64 || !SHAPE.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "incident type must be snake_case of at most 64 characters, but was '" + name + "'");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
