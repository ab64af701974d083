package cx.niro.agent.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.NiroAgent;
import cx.niro.agent.spi.LogOutput;
import cx.niro.agent.spi.LogSource;
import cx.niro.agent.testkit.FakeCluster;
import cx.niro.agent.testkit.FakeServer;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.LogRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LogsOverHttpTest {
  private final Queue<String> written = new ConcurrentLinkedQueue<>();
  private final CountDownLatch returned = new CountDownLatch(1);

  private final class Diary implements LogSource {
    @Override
    public void read(LogRequest request, LogOutput out) throws IOException {
      for (String line : lastLines(request.pod(), request.tailLines())) {
        out.line(line);
      }
      while (request.follow() && !out.awaitStop(Duration.ofMillis(200))) {
        newLines(request.pod()).forEach(out::line);
      }
      returned.countDown();
    }

    private List<String> lastLines(String pod, Integer count) {
      return List.of("last of " + count + " of " + pod);
    }

    private List<String> newLines(String pod) {
      List<String> lines = new ArrayList<>();
      for (String line = written.poll(); line != null; line = written.poll()) {
        lines.add(pod + ": " + line);
      }
      return lines;
    }
  }

  @Test
  void lines_are_sent_while_they_are_written_until_the_server_says_stop() throws Exception {
    try (FakeServer server = FakeServer.start()) {
      FakeCluster cluster = server.newCluster();
      try (NiroAgent agent =
          NiroAgent.builder(server.url())
              .proxy(null)
              .token(cluster.token())
              .logSource(new Diary())
              .start()) {
        assertThat(agent).isNotNull();
        Await.await(() -> !cluster.polls().isEmpty());
        CommandId stream =
            cluster.offer(
                "logs",
                "{\"namespace\":\"shop\",\"pod\":\"web-0\",\"follow\":true,\"tailLines\":1,\"previous\":false}");
        Await.await(() -> !cluster.lines(stream).isEmpty());
        written.add("brewed");
        Await.await(() -> cluster.lines(stream).size() == 2);
        assertThat(cluster.lines(stream)).containsExactly("last of 1 of web-0", "web-0: brewed");

        cluster.stop(stream);
        assertThat(returned.await(20, TimeUnit.SECONDS)).isTrue();
      }
    }
  }
}
