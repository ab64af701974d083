package cx.niro.server.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterStatus;
import cx.niro.core.OrganizationId;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.PollReply;
import cx.niro.server.ClusterView;
import cx.niro.server.NiroServer;
import cx.niro.server.ServerListener;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.testkit.FakeAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingTest {
  private static final Path PAGE = Path.of("../docs/embedding.md");
  private static final Path CODE =
      Path.of("src/test/java/cx/niro/server/embedding/EmbeddingExample.java");

  @TempDir Path folder;

  @Test
  void every_snippet_of_the_page_is_compiled_code() throws IOException {
    String code = squeezed(Files.readString(CODE));
    Matcher snippets =
        Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
    List<String> strange = new ArrayList<>();
    int found = 0;
    while (snippets.find()) {
      found++;
      if (!code.contains(squeezed(snippets.group(1)))) {
        strange.add(snippets.group(1));
      }
    }
    assertThat(found).isPositive();
    assertThat(strange).isEmpty();
  }

  private static String squeezed(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  @Test
  void the_example_runs_on_real_threads_and_a_real_database() throws Exception {
    JdbcConnectionPool pool =
        JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve("niro"), "", "");
    try (NiroServer niro = EmbeddingExample.start(pool)) {
      FakeAgent agent = new FakeAgent(niro.gateway(), InstantSource.system());
      agent.enroll(EmbeddingExample.addCluster(niro)).beat();
      ClusterView view = niro.fleet().clusters(Set.of(new OrganizationId("customer-17"))).get(0);
      assertThat(view.status()).isEqualTo(ClusterStatus.HEALTHY);

      CompletableFuture<Void> answered = agent.poll().thenAccept(reply -> answer(agent, reply));
      CommandRow done = EmbeddingExample.ping(niro, view.cluster().id());
      answered.get(30, TimeUnit.SECONDS);
      assertThat(done.state()).isEqualTo(CommandState.SUCCEEDED);
      EmbeddingExample.stop(niro);
    } finally {
      pool.dispose();
    }
  }

  private static void answer(FakeAgent agent, PollReply reply) {
    agent.result(reply.commands().get(0).id(), CommandState.SUCCEEDED);
  }

  @Test
  void a_listener_that_throws_stops_nothing() throws Exception {
    CompletableFuture<ClusterStatus> heard = new CompletableFuture<>();
    ServerListener broken =
        new ServerListener() {
          @Override
          public void statusChanged(
              cx.niro.core.ClusterId cluster, ClusterStatus from, ClusterStatus to) {
            throw new IllegalStateException("a guest's mistake");
          }
        };
    ServerListener fine =
        new ServerListener() {
          @Override
          public void statusChanged(
              cx.niro.core.ClusterId cluster, ClusterStatus from, ClusterStatus to) {
            heard.complete(to);
          }
        };
    try (NiroServer niro =
        NiroServer.builder(cx.niro.server.memory.MemoryStores.create())
            .listener(broken)
            .listener(fine)
            .build()) {
      niro.start();
      new FakeAgent(niro.gateway(), InstantSource.system())
          .enroll(EmbeddingExample.addCluster(niro))
          .beat();
      assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo(ClusterStatus.HEALTHY);
    }
  }
}
