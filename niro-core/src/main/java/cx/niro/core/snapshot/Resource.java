package cx.niro.core.snapshot;

/** One Kubernetes object as an agent saw it; its uid names it within its section. */
public sealed interface Resource
    permits Node, Pod, Workload, WarningEvent, PersistentVolumeClaim, ServiceAccount, Autoscaler {
  ObjectMeta meta();

  /** Where the object is listed. */
  Section section();
}
