package cx.niro.core.policy;

import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus.State;
import cx.niro.core.snapshot.Workload;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One workload under judgement, and what is around it. */
public final class PolicySubject {
  /** What to say when a rule needs a template and there is none. */
  static final PolicyVerdict NO_TEMPLATE =
      PolicyVerdict.unknown("the pod template was not reported");

  private final Look look;
  private final Scope scope;
  private final Source source;
  private final @Nullable PodTemplate template;

  /**
   * What all subjects of one evaluation share; {@code timeless} is the context without its clock,
   * the same instance for as long as people say the same.
   */
  record Look(
      ClusterSnapshot snapshot,
      PolicyContext context,
      PolicyContext timeless,
      int kubernetesMinor) {}

  /**
   * Where it was found: the workload itself where it is reported, and its newest live pod where
   * there is one; {@code meta} is the object's that stands for it.
   */
  record Source(
      WorkloadName name, ObjectMeta meta, @Nullable Workload workload, @Nullable Pod pod) {}

  PolicySubject(Look look, Scope scope, Source source, @Nullable PodTemplate template) {
    this.look = look;
    this.scope = scope;
    this.source = source;
    this.template = template;
  }

  public Scope scope() {
    return scope;
  }

  /** The kind of the outermost controller, {@code Pod} for a pod that nothing controls. */
  public String kind() {
    return source.workload() == null ? source.name().kind() : source.workload().kind();
  }

  /** The metadata of the workload, or of the object that stands for one that is not reported. */
  public ObjectMeta meta() {
    return source.meta();
  }

  /** Null where only its pods are reported. */
  public @Nullable Workload workload() {
    return source.workload();
  }

  /** The newest of its pods that neither ended nor is being deleted. */
  public @Nullable Pod newestPod() {
    return source.pod();
  }

  /** What its pods ask for; null when that was not reported. */
  public @Nullable PodTemplate template() {
    return template;
  }

  /** The cluster's Kubernetes 1.x. */
  public int kubernetesMinor() {
    return look.kubernetesMinor();
  }

  WorkloadName name() {
    return source.name();
  }

  PolicyContext timeless() {
    return look.timeless();
  }

  public PolicyContext context() {
    return look.context();
  }

  /** Everything else in the cluster. */
  public Inventory objects() {
    return look.snapshot().objects();
  }

  public ClusterSnapshot snapshot() {
    return look.snapshot();
  }

  /** Whether all objects of the section are known; manifests are all there is. */
  public boolean complete(Section section) {
    return look.context().manifests() || look.snapshot().section(section).state() == State.COMPLETE;
  }

  /** How old it is by the cluster's clock; null when that clock or its birth is not known. */
  public @Nullable Duration age() {
    Long born = meta().createdAt();
    return born == null || context().clusterNow() == null
        ? null
        : Duration.ofMillis(Math.max(0, context().clusterNow().toEpochMilli() - born));
  }

  /** Whether it is wanted with no pods at all at the moment. */
  boolean isIdle() {
    Workload workload = workload();
    return workload != null
        && workload.desiredReplicas() != null
        && workload.desiredReplicas() == 0;
  }

  @Nullable String templateHash() {
    Workload workload = workload();
    return workload == null ? null : workload.templateHash();
  }
}
