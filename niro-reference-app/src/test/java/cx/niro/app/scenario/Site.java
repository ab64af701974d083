package cx.niro.app.scenario;

import cx.niro.agent.internal.AgentRuntime;
import cx.niro.agent.kubernetes.KubernetesAgent;
import cx.niro.agent.testkit.FakeKubernetes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A cluster with a stand-in API server and the Kubernetes agent, with a {@link Relay} on either
 * side of the agent.
 */
final class Site implements AutoCloseable {
  final FakeKubernetes kubernetes = FakeKubernetes.start();
  final Relay api = new Relay(kubernetes.url().getPort());
  final Relay uplink;
  private final Map<String, String> environment = new HashMap<>();
  private final Path config;
  private final List<AgentRuntime> agents = new ArrayList<>();

  Site(URI server, String token, Path folder) {
    uplink = new Relay(server.getPort());
    String stored = Base64.getEncoder().encodeToString(token.getBytes());
    kubernetes.put(
        "{'kind':'Secret','metadata':{'name':'niro-agent','namespace':'niro-system'},'data':{'token':'%s'}}"
            .formatted(stored));
    kubernetes.put("{'kind':'Namespace','metadata':{'name':'niro-system'}}");
    kubernetes.delete("Namespace", null, "kube-system");
    kubernetes.put(
        "{'kind':'Namespace','metadata':{'name':'kube-system','uid':'%s'}}"
            .formatted(UUID.randomUUID()));
    environment.put("NIRO_SERVER", "http://127.0.0.1:" + uplink.port());
    environment.put("NIRO_ENABLE_APPLY", "1");
    environment.put("NIRO_ENABLE_LOGS", "1");
    config = folder.resolve("kubeconfig-" + api.port());
    write(kubernetes.kubeconfig().replace(":" + kubernetes.url().getPort(), ":" + api.port()));
    startAgent();
  }

  private void write(String kubeconfig) {
    try {
      Files.writeString(config, kubeconfig);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new process of the agent, beside one that may still be there. */
  AgentRuntime startAgent() {
    environment.put("KUBECONFIG", config.toString());
    try {
      AgentRuntime agent =
          new AgentRuntime(KubernetesAgent.fromEnvironment(environment).proxy(null).build());
      agents.add(agent);
      agent.start();
      return agent;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another one that reaches the API server and the server past the relays. */
  AgentRuntime startAgentElsewhere(URI server) {
    write(kubernetes.kubeconfig());
    environment.put("NIRO_SERVER", server.toString().replaceAll("/$", ""));
    return startAgent();
  }

  /** As when its machine loses its power: no word to anybody from now on. */
  void killAgent() {
    api.refuse();
    uplink.refuse();
    agents.get(agents.size() - 1).abandon();
  }

  void reconnect() {
    api.accept();
    uplink.accept();
  }

  @Override
  public void close() {
    agents.forEach(agent -> agent.close("the test is over"));
    api.close();
    uplink.close();
    kubernetes.close();
  }
}
