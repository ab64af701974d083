package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.server.RunningServer;
import cx.niro.core.ClusterId;
import cx.niro.core.ClusterStatus;
import cx.niro.core.protocol.LogEnd;
import cx.niro.core.protocol.LogRequest;
import cx.niro.server.LogViewer;
import cx.niro.server.Logs;
import cx.niro.server.testkit.RealPostgres;
import cx.niro.server.testkit.WithPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real agent at one server, a viewer of its logs at another, one PostgreSQL. */
@WithPostgres
class LogsAcrossServersScenarioTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final LogRequest FOLLOW =
      new LogRequest("shop", "web-0", "app", true, 5, false, null);

  @TempDir Path folder;
  private final AtomicInteger written = new AtomicInteger();

  /** Lines by their number. */
  private static final class Seen implements LogViewer {
    final List<Integer> all = new CopyOnWriteArrayList<>();
    final List<String> marks = new CopyOnWriteArrayList<>();

    @Override
    public void lines(List<String> lines) {
      lines.forEach(line -> all.add(Integer.parseInt(line.substring(line.indexOf(' ') + 1))));
    }

    @Override
    public void dropped(long count) {
      marks.add("dropped " + count);
    }

    @Override
    public void gap(Duration silence) {
      marks.add("gap " + silence);
    }

    @Override
    public void ended(LogEnd end) {
      marks.add("end " + end);
    }

    int newest() {
      return all.isEmpty() ? 0 : all.get(all.size() - 1);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean mayRead(RunningServer server, ClusterId cluster) {
    return server.niro().fleet().cluster(cluster).orElseThrow().status() == ClusterStatus.HEALTHY
        && server
            .niro()
            .fleet()
            .content(cluster)
            .map(content -> content.snapshot().info().capabilities().has("logs"))
            .orElse(false);
  }

  @Test
  void a_log_is_followed_at_another_server_while_the_agents_server_restarts() throws Exception {
    String url = RealPostgres.newDatabaseUrl();
    assertThat(
            Cli.local("migrate", "--database-url", url, "--database-user", "postgres").exitCode())
        .isZero();
    int port = freePort();
    RunningServer agents = Servers.onPostgres(url, folder.resolve("a"), port);
    ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
    Cli niro = new Cli(agents.address(), Servers.ADMIN_TOKEN);
    Cli.Ran enrolled = niro.run("enroll", "factory-brno", "-o", "json");
    ClusterId cluster = new ClusterId(enrolled.text("cluster.id"));
    Site site = new Site(agents.address(), enrolled.text("enrollment.token"), folder);
    RunningServer viewers = null;
    try {
      site.kubernetes.put(
          "{'kind':'Pod','metadata':{'name':'web-0','namespace':'shop'},'spec':{'containers':[{'name':'app','image':'x'}]}}");
      RunningServer first = agents;
      Await.within(PATIENCE, "the agent tells what it may do", () -> mayRead(first, cluster));
      viewers = Servers.onPostgres(url, folder.resolve("b"), freePort());
      RunningServer shown = viewers;
      Await.within(PATIENCE, "the other server knows", () -> mayRead(shown, cluster));
      writer.scheduleAtFixedRate(
          () -> site.kubernetes.log("shop/web-0", "app", "line " + written.incrementAndGet()),
          0,
          20,
          TimeUnit.MILLISECONDS);

      Logs.View view =
          viewers
              .niro()
              .logs()
              .open(cluster, FOLLOW)
              .toCompletableFuture()
              .get(60, TimeUnit.SECONDS);
      Seen seen = new Seen();
      view.start(seen);
      Await.within(PATIENCE, "lines", () -> seen.all.size() > 50);

      agents.close();
      int before = seen.newest();
      agents = Servers.onPostgres(url, folder.resolve("a"), port);
      Await.within(PATIENCE, "lines go on", () -> seen.newest() > before + 100);
      assertThat(seen.marks).isEmpty();
      assertThat(seen.all)
          .isEqualTo(IntStream.rangeClosed(seen.all.get(0), seen.newest()).boxed().toList());
      view.close();
    } finally {
      writer.shutdownNow();
      site.close();
      agents.close();
      if (viewers != null) {
        viewers.close();
      }
    }
  }
}
