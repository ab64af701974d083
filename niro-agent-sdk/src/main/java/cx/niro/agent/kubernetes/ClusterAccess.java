package cx.niro.agent.kubernetes;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.Reader;
import java.net.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way to a cluster and the namespace to live in. In a pod it is the service account's; its
 * token is read anew each minute, and no proxy is ever used. Elsewhere it is the kubeconfig file
 * that {@code KUBECONFIG} names.
 */
record ClusterAccess(ApiClient client, String namespace) {
  static final String DEFAULT_NAMESPACE = "niro-system";

  private static final Path OWN_NAMESPACE =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

  static ClusterAccess of(Map<String, String> environment) throws IOException {
    String file = environment.getOrDefault("KUBECONFIG", "").strip();
    if (!file.isEmpty()) {
      return of(Path.of(file), environment.get("NIRO_NAMESPACE"));
    }
    if (environment.containsKey("KUBERNETES_SERVICE_HOST")) {
      ApiClient client = ClientBuilder.cluster().build();
      client.setHttpClient(client.getHttpClient().newBuilder().proxy(Proxy.NO_PROXY).build());
      return new ClusterAccess(client, Files.readString(OWN_NAMESPACE).strip());
    }
    throw new IOException(
        "no cluster to report: run this in a pod, or name a kubeconfig file with KUBECONFIG");
  }

  private static ClusterAccess of(Path file, @Nullable String namespace) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      KubeConfig config = KubeConfig.loadKubeConfig(reader);
      config.setFile(file.toFile());
      return new ClusterAccess(
          ClientBuilder.kubeconfig(config).build(),
          namespace == null || namespace.isBlank() ? DEFAULT_NAMESPACE : namespace.strip());
    }
  }
}
