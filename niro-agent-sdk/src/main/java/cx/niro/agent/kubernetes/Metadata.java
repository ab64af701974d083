package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.Resources;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What objects of all kinds have in common: metadata, conditions, amounts. */
final class Metadata {
  private static final Set<String> LABELS =
      Set.of(
          "app",
          "app.kubernetes.io/name",
          "app.kubernetes.io/instance",
          "app.kubernetes.io/managed-by",
          "app.kubernetes.io/part-of",
          "pod-template-hash",
          "job-name",
          "batch.kubernetes.io/job-name",
          "helmcharts.helm.cattle.io/chart",
          "objectset.rio.cattle.io/hash",
          "excluded_from_alerts",
          "cloud.google.com/gke-preemptible",
          "cloud.google.com/gke-spot",
          "eks.amazonaws.com/capacityType",
          "karpenter.sh/capacity-type",
          "karpenter.sh/nodepool",
          "kubernetes.azure.com/scalesetpriority",
          "kubernetes.io/arch",
          "kubernetes.io/os",
          "node.kubernetes.io/instance-type",
          "topology.kubernetes.io/region",
          "topology.kubernetes.io/zone");
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "kubernetes.io/config.mirror",
          "kubernetes.io/config.source",
          "deployment.kubernetes.io/revision",
          "helm.sh/hook",
          "meta.helm.sh/release-name",
          "objectset.rio.cattle.io/owner-gvk",
          "objectset.rio.cattle.io/owner-name");
  private static final List<String> PREFIXES =
      List.of(
          "niro.cx/",
          "node-role.kubernetes.io/",
          "svccontroller.k3s.cattle.io/",
          "container.apparmor.security.beta.kubernetes.io/",
          "seccomp.security.alpha.kubernetes.io/",
          "container.seccomp.security.alpha.kubernetes.io/");

  /** Labels or annotations of one object; no honest object has as many that are chosen. */
  private static final int ENTRIES = 64;

  private Metadata() {}

  static ObjectMeta of(Json object) {
    OwnerReference owner = owner(object);
    return of(object, owner, owner);
  }

  static ObjectMeta of(
      Json object, @Nullable OwnerReference owner, @Nullable OwnerReference rootOwner) {
    Json meta = object.child("metadata");
    return new ObjectMeta(
        meta.name("uid"),
        meta.text("namespace"),
        meta.name("name"),
        null,
        meta.instant("creationTimestamp"),
        meta.instant("deletionTimestamp"),
        chosen(meta.child("labels"), LABELS),
        annotations(object),
        owner,
        rootOwner);
  }

  /** Of an object or a pod template. */
  static Map<String, String> annotations(Json object) {
    return chosen(object.child("metadata").child("annotations"), ANNOTATIONS);
  }

  static @Nullable String label(Json object, String name) {
    return object.child("metadata").child("labels").text(name);
  }

  /** The owner that controls the object. */
  static @Nullable OwnerReference owner(Json object) {
    return object.child("metadata").list("ownerReferences", Metadata::controller).stream()
        .findFirst()
        .orElse(null);
  }

  static List<Condition> conditions(Json status) {
    return status.list("conditions", Metadata::condition);
  }

  /** Requests, limits, capacity: amounts by their Kubernetes names. */
  static Resources resources(Json amounts) {
    return new Resources(
        amounts.millis("cpu"),
        amounts.units("memory"),
        amounts.units("ephemeral-storage"),
        amounts.units("pods"));
  }

  private static @Nullable OwnerReference controller(Json reference) {
    String kind = reference.text("kind");
    String name = reference.text("name");
    if (kind == null || name == null || !Boolean.TRUE.equals(reference.flag("controller"))) {
      return null;
    }
    return new OwnerReference(kind, name, reference.text("uid"));
  }

  private static @Nullable Condition condition(Json condition) {
    String type = condition.text("type");
    String status = condition.text("status");
    if (type == null || status == null) {
      return null;
    }
    return new Condition(
        type,
        status,
        condition.text("reason"),
        condition.text("message", Json.MESSAGE),
        condition.instant("lastTransitionTime"));
  }

  private static Map<String, String> chosen(Json all, Set<String> names) {
    Map<String, String> chosen = new TreeMap<>();
    for (String name : all.members()) {
      String value = all.text(name);
      if (chosen.size() == ENTRIES) {
        break;
      }
      if (value != null && (names.contains(name) || PREFIXES.stream().anyMatch(name::startsWith))) {
        chosen.put(Json.clip(name, Json.NAME), value);
      }
    }
    return chosen;
  }
}
