package cx.niro.core.incident;

import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.Pod;
import org.jspecify.annotations.Nullable;

/**
 * What an incident is about within its cluster, in a canonical spelling that survives the
 * replacement of pods: {@code cluster}, {@code node/<name>}, {@code ns/<namespace>/<Kind>/<name>},
 * {@code …/container/<name>}, {@code pvc/<namespace>/<name>}. Never a generated pod name, an
 * address, a message, a count or a severity.
 */
public record Scope(String value) {
  public static final Scope CLUSTER = new Scope("cluster");

  /** The longest scope; Kubernetes names are at most 253 characters each. */
  public static final int MAX_CHARS = 1024;

  public Scope {
    if (value.isEmpty() || value.length() > MAX_CHARS) {
      throw new IllegalArgumentException(
          "scope must have 1 to " + MAX_CHARS + " characters, but had " + value.length());
    }
  }

  public static Scope node(String name) {
    return new Scope("node/" + name);
  }

  public static Scope workload(String namespace, String kind, String name) {
    return new Scope("ns/" + namespace + "/" + kind + "/" + name);
  }

  /**
   * The workload that a pod belongs to: its outermost controller as the agent resolved it, a
   * Deployment by the template hash in the name of its ReplicaSet, a static pod without the name of
   * its node; a pod that nothing owns is its own workload.
   */
  public static Scope workload(Pod pod) {
    ObjectMeta meta = pod.meta();
    String namespace = meta.namespace() == null ? "" : meta.namespace();
    OwnerReference owner = meta.rootOwner() == null ? meta.owner() : meta.rootOwner();
    if (owner == null) {
      return workload(namespace, "Pod", meta.name());
    }
    if (owner.kind().equals("Node")) {
      return workload(namespace, "Pod", without("-" + owner.name(), meta.name()));
    }
    String hash = meta.labels().get("pod-template-hash");
    if (owner.kind().equals("ReplicaSet") && hash != null) {
      return workload(namespace, "Deployment", without("-" + hash, owner.name()));
    }
    return workload(namespace, owner.kind(), owner.name());
  }

  public static Scope claim(String namespace, String name) {
    return new Scope("pvc/" + namespace + "/" + name);
  }

  /** A container of this workload. */
  public Scope container(String name) {
    return new Scope(value + "/container/" + name);
  }

  /** The workload that this is, or that this is a container of; null for any other scope. */
  @Nullable Scope workload() {
    if (!value.startsWith("ns/")) {
      return null;
    }
    int container = value.indexOf("/container/");
    return container < 0 ? this : new Scope(value.substring(0, container));
  }

  @Override
  public String toString() {
    return value;
  }

  private static String without(String ending, String name) {
    boolean ends = name.length() > ending.length() && name.endsWith(ending);
    return ends ? name.substring(0, name.length() - ending.length()) : name;
  }
}
