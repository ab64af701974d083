package cx.niro.agent.kubernetes;

import cx.niro.agent.AgentOptions;
import cx.niro.agent.NiroAgent;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The agent for a Kubernetes cluster: a {@link NiroAgent} whose inventory is the cluster and whose
 * key is kept in a Secret. {@link #fromEnvironment} is what runs in a pod.
 *
 * <pre>{@code
 * NiroAgent agent = KubernetesAgent.fromEnvironment(System.getenv()).start();
 * }</pre>
 */
public final class KubernetesAgent {
  private KubernetesAgent() {}

  /**
   * Options for the cluster that the environment names, ready to start.
   *
   * <p>{@code NIRO_SERVER} is needed. {@code NIRO_TOKEN} is the enrollment token; without it the
   * one in the Secret is used. {@code NIRO_ENABLE_PODS}, {@code _LOGS}, {@code _APPLY} and {@code
   * _SELF_UPDATE} are the {@link Grants}, {@code NIRO_ALLOW_HTTP=1} permits a server without TLS,
   * and {@code NIRO_CA_FILE} names a PEM file of more authorities to trust. {@code KUBECONFIG}
   * names the way to the cluster outside a pod, {@code NIRO_NAMESPACE} the namespace of the Secret
   * there ({@code niro-system}).
   *
   * @throws IllegalArgumentException naming the variable that is missing or wrong
   * @throws IOException when there is no way to a cluster, or its Secret cannot be read
   */
  public static AgentOptions.Builder fromEnvironment(Map<String, String> environment)
      throws IOException {
    String server = value(environment, "NIRO_SERVER");
    if (server.isEmpty()) {
      throw new IllegalArgumentException("NIRO_SERVER must be the URL of the Niro server");
    }
    Grants grants = Grants.of(environment);
    boolean allowHttp = Grants.flag(environment, "NIRO_ALLOW_HTTP", "0");
    ClusterAccess cluster = ClusterAccess.of(environment);
    SecretKeyStore secret = SecretKeyStore.of(cluster.client(), cluster.namespace());
    String given = value(environment, "NIRO_TOKEN");
    String token = given.isEmpty() ? secret.token().orElse("") : given;
    AgentOptions.Builder options =
        options(server, cluster.client(), cluster.namespace(), grants)
            .keyStore(secret)
            .token(token)
            .allowHttp(allowHttp);
    String authorities = value(environment, "NIRO_CA_FILE");
    if (!authorities.isEmpty()) {
      options.caBundle(Path.of(authorities));
    }
    String readyFile = value(environment, "NIRO_READY_FILE");
    if (!readyFile.isEmpty()) {
      options.listener(new ReadyFile(Path.of(readyFile)));
    }
    return options;
  }

  /**
   * Options for any cluster: inventory, logs, key store and the commands that change objects are
   * set, everything else is open.
   *
   * @param namespace where the agent's Secret is
   */
  public static AgentOptions.Builder options(
      String serverUrl, ApiClient client, String namespace, Grants grants) {
    KubernetesInventory inventory = KubernetesInventory.of(client, grants, namespace);
    AgentOptions.Builder options =
        NiroAgent.builder(serverUrl)
            .inventory(inventory)
            .logSource(inventory.logs())
            .keyStore(SecretKeyStore.of(client, namespace));
    inventory.managedCommands().forEach(options::commandHandler);
    return grants.selfUpdate()
        ? options.commandHandler(new SelfUpdate(client, namespace, grants.pods()))
        : options;
  }

  private static String value(Map<String, String> environment, String name) {
    return environment.getOrDefault(name, "").strip();
  }
}
