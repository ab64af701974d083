package cx.niro.core.policy.rules;

import cx.niro.core.Severity;
import cx.niro.core.policy.PolicyRule;
import cx.niro.core.policy.PolicySpec;
import cx.niro.core.policy.PolicySubject;
import cx.niro.core.policy.PolicyVerdict;
import cx.niro.core.policy.Severities;
import cx.niro.core.snapshot.Autoscaler;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.PersistentVolumeClaim;
import cx.niro.core.snapshot.PodSpec.Volume;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.Workload;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A Deployment or StatefulSet with one replica and no autoscaler that keeps two. Spared are
 * clusters of one node, where a second replica falls with the first, and Deployments that are
 * recreated because their volume can be mounted once only.
 */
final class SingleReplica extends PolicyRule {
  private static final Set<String> KINDS = Set.of("Deployment", "StatefulSet");

  SingleReplica() {
    super(
        PolicySpec.of(
            "single-replica",
            Severities.of(Severity.INFO, Severity.HIGH),
            "Runs as a single replica",
            "Run at least 2 replicas, or an autoscaler with minReplicas of at least 2."));
  }

  @Override
  protected boolean readsStatus() {
    return false;
  }

  @Override
  protected PolicyVerdict judge(PolicySubject subject) {
    Workload workload = subject.workload();
    if (!KINDS.contains(subject.kind())) {
      return PolicyVerdict.notApplicable("only Deployments and StatefulSets have replicas to add");
    }
    if (workload == null) {
      return PolicyVerdict.unknown("the number of replicas was not reported");
    }
    int replicas = Objects.requireNonNullElse(workload.desiredReplicas(), 1);
    if (replicas == 0) {
      return PolicyVerdict.notApplicable("no pods are wanted");
    }
    return replicas > 1 ? PolicyVerdict.pass() : single(subject, workload);
  }

  private static PolicyVerdict single(PolicySubject subject, Workload workload) {
    if (isScaledToTwo(subject)) {
      return PolicyVerdict.pass();
    }
    if (holdsItsVolume(subject, workload)) {
      return PolicyVerdict.notApplicable("its volume can be mounted by one pod only");
    }
    int nodes = subject.objects().nodes().size();
    if (nodes == 1 && subject.complete(Section.NODES)) {
      return PolicyVerdict.notApplicable("the cluster has a single node");
    }
    if (nodes < 2 && !subject.complete(Section.NODES)) {
      return PolicyVerdict.unknown("the nodes were not reported");
    }
    return subject.complete(Section.AUTOSCALERS)
        ? PolicyVerdict.fail("Runs as a single replica")
        : PolicyVerdict.unknown("the autoscalers were not reported");
  }

  private static boolean isScaledToTwo(PolicySubject subject) {
    for (Autoscaler autoscaler : subject.objects().autoscalers()) {
      OwnerReference target = autoscaler.target();
      if (target != null
          && target.kind().equals(subject.kind())
          && target.name().equals(subject.meta().name())
          && Objects.equals(autoscaler.meta().namespace(), subject.meta().namespace())) {
        return Objects.requireNonNullElse(autoscaler.minReplicas(), 1) > 1;
      }
    }
    return false;
  }

  private static boolean holdsItsVolume(PolicySubject subject, Workload workload) {
    boolean recreated =
        workload.rollout() != null && Objects.equals(workload.rollout().strategy(), "Recreate");
    if (!recreated || workload.template() == null) {
      return false;
    }
    for (Volume volume : workload.template().volumes()) {
      if (volume.type().equals("persistentVolumeClaim") && !isShared(subject, volume)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the claim is known to be mountable by several nodes. */
  private static boolean isShared(PolicySubject subject, Volume volume) {
    for (PersistentVolumeClaim claim : subject.objects().persistentVolumeClaims()) {
      ObjectMeta meta = claim.meta();
      if (meta.name().equals(volume.claimName())
          && Objects.equals(meta.namespace(), subject.meta().namespace())) {
        List<String> modes = claim.accessModes();
        return modes.contains("ReadWriteMany") || modes.contains("ReadOnlyMany");
      }
    }
    return false;
  }
}
