package cx.niro.core.policy;

import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.Pod;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A workload by the parts of its {@link Scope}: two are equal exactly when their scopes are, but no
 * text is put together to find that out. So neither namespace nor kind has a slash.
 */
record WorkloadName(String namespace, String kind, String name) {

  static WorkloadName of(@Nullable String namespace, String kind, String name) {
    String space = namespace == null ? "" : namespace;
    return space.indexOf('/') < 0 && kind.indexOf('/') < 0
        ? new WorkloadName(space, kind, name)
        : ofWorkload(Scope.workload(space, kind, name));
  }

  /** The workload that a pod belongs to, by {@link Scope#workload(Pod)}. */
  static WorkloadName of(Pod pod) {
    ObjectMeta meta = pod.meta();
    OwnerReference owner = meta.rootOwner() == null ? meta.owner() : meta.rootOwner();
    return owner == null || owner.kind().equals("Node") || owner.kind().equals("ReplicaSet")
        ? ofWorkload(Scope.workload(pod))
        : of(meta.namespace(), owner.kind(), owner.name());
  }

  /** Null for a scope that is not one of a workload. */
  static @Nullable WorkloadName of(Scope scope) {
    String text = scope.value();
    int kind = text.startsWith("ns/") ? text.indexOf('/', 3) + 1 : 0;
    int name = kind == 0 ? 0 : text.indexOf('/', kind) + 1;
    return name == 0
        ? null
        : new WorkloadName(
            text.substring(3, kind - 1), text.substring(kind, name - 1), text.substring(name));
  }

  private static WorkloadName ofWorkload(Scope scope) {
    return Objects.requireNonNull(of(scope), "the scope of a workload");
  }

  /** Looked up several times for each pod; what the compiler would make goes by method handles. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WorkloadName that
        && name.equals(that.name)
        && namespace.equals(that.namespace)
        && kind.equals(that.kind);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + namespace.hashCode()) + kind.hashCode();
  }

  Scope scope() {
    return Scope.workload(namespace, kind, name);
  }
}
