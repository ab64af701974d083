package cx.niro.core.incident.rules;

import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.Inhibition;
import java.util.ArrayList;
import java.util.List;

/** The rules of {@code DetectionEngine.standard()}, for engines with more or fewer. */
public final class StandardRules {
  private StandardRules() {}

  /** One of each, at its default thresholds. */
  public static List<IncidentRule> all() {
    return all(Thresholds.standard());
  }

  /** One of each, at these thresholds. */
  public static List<IncidentRule> all(Thresholds thresholds) {
    List<IncidentRule> all = new ArrayList<>();
    all.addAll(clusters(thresholds));
    all.addAll(nodes(thresholds));
    all.addAll(pods(thresholds));
    all.addAll(workloads(thresholds));
    all.addAll(storage(thresholds));
    return List.copyOf(all);
  }

  /** Which incident explains which, in the order in which a cause is looked for. */
  public static List<Inhibition> inhibitions() {
    return StandardInhibitions.ALL;
  }

  private static List<IncidentRule> nodes(Thresholds thresholds) {
    return List.of(
        new NodeNotReady(thresholds),
        new NodeFlapping(thresholds),
        new NodePressure(NodePressure.Kind.MEMORY, thresholds),
        new NodePressure(NodePressure.Kind.DISK, thresholds),
        new NodePressure(NodePressure.Kind.PID, thresholds),
        NodeSaturated.cpu(thresholds),
        NodeSaturated.memory(thresholds),
        new NodeMissing(thresholds),
        new ControlPlaneQuorum(thresholds));
  }

  private static List<IncidentRule> workloads(Thresholds thresholds) {
    return List.of(
        new DeploymentFailed(thresholds),
        new DeploymentUnavailable(thresholds),
        new StatefulSetDegraded(thresholds),
        new DaemonSetDegraded(thresholds),
        new JobFailed(thresholds),
        new K3sComponent(thresholds));
  }

  private static List<IncidentRule> storage(Thresholds thresholds) {
    return List.of(new PvcPending(thresholds), new PvcLost());
  }

  private static List<IncidentRule> clusters(Thresholds thresholds) {
    return List.of(
        new ClusterOffline(),
        new AgentDuplicate(),
        new HeartbeatDegraded(thresholds),
        new ClockSkew(thresholds),
        new AgentRestartLoop(thresholds),
        new InventoryIncomplete(thresholds),
        new ApiServerUnreachable(thresholds),
        new CertificateExpiring(thresholds));
  }

  private static List<IncidentRule> pods(Thresholds thresholds) {
    return List.of(
        new PodCrashLooping(thresholds),
        new ImagePullError(thresholds),
        new ContainerConfigError(thresholds),
        new InitContainerFailing(thresholds),
        new PodRestarting(thresholds),
        new ContainerOomKilled(),
        new PodUnschedulable(thresholds),
        new VolumeMountFailed(thresholds),
        new PodStuckPending(thresholds),
        new PodNotReady(thresholds),
        new PodEvicted());
  }
}
