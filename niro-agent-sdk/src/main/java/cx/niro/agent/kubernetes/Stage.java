package cx.niro.agent.kubernetes;

import java.util.Map;
import java.util.Set;

/** When an object is applied: what others need comes first. Deleting goes the other way. */
enum Stage {
  NAMESPACES,
  DEFINITIONS,
  CONFIGURATION,
  SERVICES,
  WORKLOADS,
  EXTENSIONS,
  CUSTOM;

  private static final Map<String, Stage> BY_KIND =
      Map.ofEntries(
          Map.entry("/Namespace", NAMESPACES),
          Map.entry("apiextensions.k8s.io/CustomResourceDefinition", DEFINITIONS),
          Map.entry("/Service", SERVICES),
          Map.entry("/Endpoints", SERVICES),
          Map.entry("/Pod", WORKLOADS),
          Map.entry("/ReplicationController", WORKLOADS),
          Map.entry("admissionregistration.k8s.io/MutatingWebhookConfiguration", EXTENSIONS),
          Map.entry("admissionregistration.k8s.io/ValidatingWebhookConfiguration", EXTENSIONS),
          Map.entry("apiregistration.k8s.io/APIService", EXTENSIONS));

  private static final Map<String, Stage> BY_GROUP =
      Map.of(
          "apps", WORKLOADS,
          "batch", WORKLOADS,
          "autoscaling", WORKLOADS,
          "policy", WORKLOADS,
          "networking.k8s.io", SERVICES,
          "discovery.k8s.io", SERVICES);

  /** Other groups that end in {@code .k8s.io}, as of the Gateway API, are custom resources. */
  private static final Set<String> BUILT_IN =
      Set.of(
          "",
          "apps",
          "batch",
          "autoscaling",
          "policy",
          "admissionregistration.k8s.io",
          "apiextensions.k8s.io",
          "apiregistration.k8s.io",
          "certificates.k8s.io",
          "coordination.k8s.io",
          "discovery.k8s.io",
          "flowcontrol.apiserver.k8s.io",
          "networking.k8s.io",
          "node.k8s.io",
          "rbac.authorization.k8s.io",
          "resource.k8s.io",
          "scheduling.k8s.io",
          "storage.k8s.io");

  /** The kinds that hold data, or other objects: deleted only when that is asked for. */
  private static final Set<String> HOLD_DATA =
      Set.of(
          "/Namespace",
          "/PersistentVolumeClaim",
          "/PersistentVolume",
          "apiextensions.k8s.io/CustomResourceDefinition");

  static Stage of(String apiVersion, String kind) {
    String group = ApiResource.groupOf(apiVersion);
    Stage known = BY_KIND.get(group + "/" + kind);
    if (known != null) {
      return known;
    }
    return isBuiltIn(group) ? BY_GROUP.getOrDefault(group, CONFIGURATION) : CUSTOM;
  }

  static boolean isBuiltIn(String group) {
    return BUILT_IN.contains(group);
  }

  static boolean holdsData(String apiVersion, String kind) {
    return HOLD_DATA.contains(ApiResource.groupOf(apiVersion) + "/" + kind);
  }
}
