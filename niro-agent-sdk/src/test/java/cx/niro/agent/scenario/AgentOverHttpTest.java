package cx.niro.agent.scenario;

import static cx.niro.agent.scenario.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.KeyStores;
import cx.niro.agent.NiroAgent;
import cx.niro.agent.spi.KeyStore;
import cx.niro.agent.spi.Observation;
import cx.niro.agent.testkit.FakeCluster;
import cx.niro.agent.testkit.FakeServer;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.snapshot.ClusterSnapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real agent against a server over real HTTP, on the loopback address. */
class AgentOverHttpTest {
  private final FakeServer server = FakeServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void an_agent_enrolls_reports_answers_a_ping_and_says_goodbye() {
    FakeCluster cluster = server.newCluster();
    try (NiroAgent agent =
        NiroAgent.builder(server.url())
            .token(cluster.token())
            .inventory(() -> Observation.of(ClusterSnapshot.EMPTY))
            .start()) {
      await(() -> !cluster.polls().isEmpty());
      CommandId ping = cluster.offer("ping", "{}");
      await(() -> cluster.result(ping).isPresent());

      assertThat(cluster.result(ping).orElseThrow().state()).isEqualTo(CommandState.SUCCEEDED);
      assertThat(cluster.beats()).hasSize(1);
      assertThat(cluster.snapshot().info().agentVersion()).isNotNull();
      agent.close("test over");
    }
    assertThat(cluster.goodbyes()).containsExactly("test over");
  }

  @Test
  void an_agent_with_a_stored_key_needs_no_token_after_a_restart() {
    FakeCluster cluster = server.newCluster();
    KeyStore keys = KeyStores.inMemory();
    try (NiroAgent first =
        NiroAgent.builder(server.url()).token(cluster.token()).keyStore(keys).start()) {
      assertThat(first).isNotNull();
      await(() -> !cluster.polls().isEmpty());
    }
    int before = cluster.beats().size();
    try (NiroAgent second = NiroAgent.builder(server.url()).keyStore(keys).start()) {
      assertThat(second).isNotNull();
      await(() -> cluster.beats().size() > before);
    }
    assertThat(cluster.enrollments()).hasSize(1);
  }
}
