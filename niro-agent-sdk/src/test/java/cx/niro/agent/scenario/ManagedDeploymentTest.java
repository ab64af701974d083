package cx.niro.agent.scenario;

import static cx.niro.agent.scenario.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.NiroAgent;
import cx.niro.agent.kubernetes.Grants;
import cx.niro.agent.kubernetes.KubernetesAgent;
import cx.niro.agent.testkit.FakeCluster;
import cx.niro.agent.testkit.FakeKubernetes;
import cx.niro.agent.testkit.FakeServer;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.CommandState;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.StringReader;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole Kubernetes agent between a server and an API server. */
class ManagedDeploymentTest {
  private static final String APPLY =
      """
      {"name":"web","namespace":"niro-test","revision":1,
       "options":{"adopt":false,"forceConflicts":false,"removeData":false},
       "objects":[{"object":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"web"},"data":{"colour":"blue"}}}]}
      """;

  private final FakeServer server = FakeServer.start();
  private final FakeKubernetes kubernetes = FakeKubernetes.start();

  @AfterEach
  void stop() {
    kubernetes.close();
    server.close();
  }

  private CommandResult applied(Grants grants) throws IOException {
    kubernetes.put("{'kind':'Namespace','metadata':{'name':'niro-test'}}");
    FakeCluster cluster = server.newCluster();
    ApiClient client =
        ClientBuilder.kubeconfig(
                KubeConfig.loadKubeConfig(new StringReader(kubernetes.kubeconfig())))
            .build();
    try (NiroAgent agent =
        KubernetesAgent.options(server.url(), client, "niro-system", grants)
            .token(cluster.token())
            .start()) {
      assertThat(agent).isNotNull();
      await(() -> !cluster.polls().isEmpty());
      CommandId apply = cluster.offer("apply", APPLY);
      await(() -> cluster.result(apply).filter(r -> r.state().isFinal()).isPresent());
      return cluster.result(apply).orElseThrow();
    }
  }

  @Test
  void what_the_server_sends_is_in_the_cluster_and_in_the_report() throws Exception {
    CommandResult result = applied(new Grants(true, false, true, false));
    assertThat(result.state()).as("%s", result).isEqualTo(CommandState.SUCCEEDED);
    assertThat(Objects.requireNonNull(result.output()).text())
        .contains("\"status\":\"succeeded\"", "\"action\":\"created\"");
    assertThat(kubernetes.get("ConfigMap", "niro-test", "web")).contains("blue");
    assertThat(kubernetes.get("ConfigMap", "niro-system", "niro-managed-web")).isNotNull();
  }

  @Test
  void without_the_grant_nothing_is_touched() throws Exception {
    CommandResult result = applied(Grants.DEFAULT);
    assertThat(result.state()).isEqualTo(CommandState.REJECTED);
    assertThat(result.reason()).contains("NIRO_ENABLE_APPLY=1");
    assertThat(kubernetes.get("ConfigMap", "niro-test", "web")).isNull();
  }
}
