package cx.niro.core.policy;

import cx.niro.core.incident.Scope;
import cx.niro.core.policy.PolicySubject.Look;
import cx.niro.core.policy.PolicySubject.Source;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is to be judged: each top-level workload that is reported, else what stands for it,
 * its newest Job or its newest live pod. Left out are finished and deleted objects and what belongs
 * to them.
 */
final class Subjects {
  static final Set<String> WORKLOAD_KINDS =
      Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob");

  /** Kind and name of an honest object together; more could not be told as a scope. */
  private static final int NAMES = 506;

  private final Look look;
  private final Map<WorkloadName, Row> known;
  private final Map<WorkloadName, Workload> workloads = new HashMap<>();
  private final Map<WorkloadName, Workload> standIns = new HashMap<>();
  private final Map<WorkloadName, Pod> pods = new HashMap<>();
  private final Set<WorkloadName> over = new HashSet<>();

  private Subjects(Look look, Map<WorkloadName, Row> known) {
    this.look = look;
    this.known = known;
  }

  /** In the order of their scopes; {@code known} lends those that it has. */
  static List<PolicySubject> of(Look look, Map<WorkloadName, Row> known) {
    Subjects subjects = new Subjects(look, known);
    look.snapshot().objects().workloads().forEach(subjects::add);
    look.snapshot().objects().pods().forEach(subjects::add);
    return subjects.all();
  }

  private void add(Workload workload) {
    ObjectMeta meta = workload.meta();
    OwnerReference owner = owner(meta);
    if (workload.kind().length() + meta.name().length() > NAMES || !fits(owner)) {
      return;
    }
    if (owner != null && WORKLOAD_KINDS.contains(owner.kind())) {
      if (!isOver(workload)) {
        WorkloadName name = WorkloadName.of(meta.namespace(), owner.kind(), owner.name());
        standIns.merge(name, workload, Subjects::newer);
      }
      return;
    }
    WorkloadName name = WorkloadName.of(meta.namespace(), workload.kind(), meta.name());
    if (isOver(workload)) {
      over.add(name);
    } else {
      workloads.put(name, workload);
    }
  }

  private void add(Pod pod) {
    if (!hasEnded(pod) && pod.meta().deletedAt() == null && fits(owner(pod.meta()))) {
      pods.merge(WorkloadName.of(pod), pod, Subjects::newer);
    }
  }

  static boolean hasEnded(Pod pod) {
    String phase = pod.status().phase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  private List<PolicySubject> all() {
    Map<WorkloadName, PolicySubject> all = new HashMap<>();
    workloads.forEach((name, workload) -> all.put(name, subject(name, workload)));
    standIns.forEach((name, child) -> all.computeIfAbsent(name, free -> standIn(free, child)));
    pods.forEach((name, pod) -> all.computeIfAbsent(name, free -> subject(free, pod)));
    over.forEach(all::remove);
    List<PolicySubject> sorted = new ArrayList<>(all.values());
    sorted.sort(Comparator.comparing(subject -> subject.scope().value()));
    return sorted;
  }

  private PolicySubject subject(WorkloadName name, Workload workload) {
    Source source = new Source(name, workload.meta(), workload, pods.get(name));
    return subject(source, template(workload.kind(), workload.template(), Map.of()));
  }

  /** Of the owner's own fields nothing is known, only what its pods look like. */
  private PolicySubject standIn(WorkloadName name, Workload child) {
    Source source = new Source(name, child.meta(), null, pods.get(name));
    return subject(source, template(name.kind(), child.template(), Map.of()));
  }

  private PolicySubject subject(WorkloadName name, Pod pod) {
    Source source = new Source(name, pod.meta(), null, pod);
    return subject(source, template(name.kind(), pod.spec(), pod.meta().annotations()));
  }

  private PolicySubject subject(Source source, @Nullable PodTemplate template) {
    Row row = known.get(source.name());
    Scope scope = row == null ? source.name().scope() : row.scope();
    return new PolicySubject(look, scope, source, template);
  }

  /** A template without containers was not reported: Kubernetes takes none. */
  private @Nullable PodTemplate template(
      String kind, @Nullable PodSpec spec, Map<String, String> annotations) {
    if (spec == null || spec.containers().isEmpty()) {
      return null;
    }
    Map<String, String> those = annotations.isEmpty() ? spec.annotations() : annotations;
    return new PodTemplate(kind, spec, those, look.kubernetesMinor());
  }

  /** {@code Deployment} of {@code ns/shop/Deployment/web}. */
  static String kindOf(Scope scope) {
    String[] parts = scope.value().split("/", 4);
    return parts.length > 2 ? parts[2] : "";
  }

  static boolean isOver(Workload workload) {
    boolean finished =
        workload.job() != null
            && (workload.job().completedAt() != null
                || workload.conditions().stream().anyMatch(Subjects::ends));
    return finished || workload.meta().deletedAt() != null;
  }

  private static boolean ends(Condition condition) {
    return condition.status().equals("True")
        && (condition.type().equals("Complete") || condition.type().equals("Failed"));
  }

  private static <T extends Resource> T newer(T one, T other) {
    int order = Long.compare(born(one.meta()), born(other.meta()));
    if (order == 0) {
      order = one.meta().uid().compareTo(other.meta().uid());
    }
    return order < 0 ? other : one;
  }

  private static long born(ObjectMeta meta) {
    return meta.createdAt() == null ? 0 : meta.createdAt();
  }

  private static @Nullable OwnerReference owner(ObjectMeta meta) {
    return meta.rootOwner() == null ? meta.owner() : meta.rootOwner();
  }

  private static boolean fits(@Nullable OwnerReference owner) {
    return owner == null || owner.kind().length() + owner.name().length() <= NAMES;
  }
}
