package cx.niro.agent.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * A kind as the API server serves it.
 *
 * @param apiVersion for example {@code apps/v1}
 * @param plural for example {@code deployments}
 */
record ApiResource(String apiVersion, String kind, String plural, boolean namespaced) {

  /** Empty for the core group. */
  String group() {
    return groupOf(apiVersion);
  }

  static String groupOf(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /** Where the resources of a version are served. */
  static String root(String apiVersion) {
    return (apiVersion.indexOf('/') < 0 ? "/api/" : "/apis/") + apiVersion;
  }

  String collection(@Nullable String namespace) {
    String scope = namespaced && namespace != null ? "/namespaces/" + namespace : "";
    return root(apiVersion) + scope + "/" + plural;
  }

  String path(@Nullable String namespace, String name) {
    return collection(namespace) + "/" + name;
  }

  /** As RBAC and error messages name it, for example {@code deployments.apps}. */
  String qualified() {
    return group().isEmpty() ? plural : plural + "." + group();
  }
}
