package cx.niro.core.snapshot;

/** One Kubernetes object as an agent saw it; its uid names it within its section. */
public sealed interface Resource
    permits Node, Pod, Workload, WarningEvent, PersistentVolumeClaim, ServiceAccount, Autoscaler {
  ObjectMeta meta();

  /** The same object with other metadata; its kind stays. */
  Resource with(ObjectMeta meta);

  /** Where the object is listed. */
  Section section();
}
