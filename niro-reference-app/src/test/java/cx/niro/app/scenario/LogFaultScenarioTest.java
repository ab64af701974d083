package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.scenario.Relay.Fate;
import cx.niro.app.server.RunningServer;
import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import cx.niro.core.protocol.LogEnd;
import cx.niro.core.protocol.LogRequest;
import cx.niro.server.Clusters.ClusterSpec;
import cx.niro.server.Clusters.NewCluster;
import cx.niro.server.LogViewer;
import cx.niro.server.Logs;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that is looked at while connections break, on the agent's side and on the viewer's. */
class LogFaultScenarioTest {
  private static final LogRequest FOLLOW =
      new LogRequest("shop", "web-0", "app", true, 5, false, null);

  @TempDir Path folder;
  private final RunningServer server = Servers.inMemory();
  private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger written = new AtomicInteger();
  private Site site;
  private ClusterId cluster;

  /** Lines by their number; a marker is -1. */
  private static final class Seen implements LogViewer {
    static final int MARKER = -1;
    final List<Integer> all = new CopyOnWriteArrayList<>();
    final List<Duration> gaps = new CopyOnWriteArrayList<>();
    final List<LogEnd> ends = new CopyOnWriteArrayList<>();

    @Override
    public void lines(List<String> lines) {
      lines.forEach(line -> all.add(Integer.parseInt(line.substring(line.indexOf(' ') + 1))));
    }

    @Override
    public void dropped(long count) {
      all.add(MARKER);
    }

    @Override
    public void gap(Duration silence) {
      gaps.add(silence);
      all.add(MARKER);
    }

    @Override
    public void ended(LogEnd end) {
      ends.add(end);
    }

    int newest() {
      return all.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** Whole and in order between two markers. */
    void assertWhole() {
      int before = MARKER;
      for (int line : all) {
        boolean follows = before == MARKER || line == MARKER || line == before + 1;
        assertThat(follows).as("%d after %d without a marker", line, before).isTrue();
        before = line;
      }
    }
  }

  @BeforeEach
  void start() {
    NewCluster made =
        server
            .niro()
            .clusters()
            .create(
                new OrganizationId("default"),
                new ClusterSpec("lyon", Environment.DEV, Map.of()),
                "ada");
    cluster = made.id();
    site = new Site(server.address(), made.enrollment().token(), folder);
    site.kubernetes.put(
        "{'kind':'Pod','metadata':{'name':'web-0','namespace':'shop'},'spec':{'containers':[{'name':'app','image':'x'}]}}");
    Await.until("the agent has told what it may do", this::mayRead);
    writer.scheduleAtFixedRate(
        () -> site.kubernetes.log("shop/web-0", "app", "line " + written.incrementAndGet()),
        0,
        20,
        TimeUnit.MILLISECONDS);
  }

  private boolean mayRead() {
    return server
        .niro()
        .fleet()
        .content(cluster)
        .map(content -> content.snapshot().info().capabilities().has("logs"))
        .orElse(false);
  }

  @AfterEach
  void stop() {
    writer.shutdownNow();
    site.close();
    server.close();
  }

  private Logs.View look(Seen seen) throws Exception {
    Logs.View view =
        server.niro().logs().open(cluster, FOLLOW).toCompletableFuture().get(20, TimeUnit.SECONDS);
    view.start(seen);
    awaitMore(seen);
    return view;
  }

  private void awaitMore(Seen seen) {
    int now = written.get();
    Await.within(Duration.ofSeconds(60), "newer lines", () -> seen.newest() > now);
    assertThat(seen.ends).isEmpty();
  }

  @Test
  void a_cut_between_agent_and_server_costs_no_line_and_doubles_none() throws Exception {
    Seen seen = new Seen();
    try (Logs.View view = look(seen)) {
      for (int i = 0; i < 5; i++) {
        site.uplink.cut();
        awaitMore(seen);
      }
      for (Fate fate : List.of(Fate.CUT_BEFORE, Fate.CUT_AFTER)) {
        var sprung = site.uplink.next(fate, line -> line.contains("/streams/"));
        assertThat(sprung.await(20, TimeUnit.SECONDS)).isTrue();
        Await.until("the connection is cut", site.uplink::isRefusing);
        site.uplink.accept();
        awaitMore(seen);
      }
    }
    seen.assertWhole();
    Await.until("the agent stops reading", () -> site.kubernetes.logReaders() == 0);
  }

  /**
   * When the agent comes back depends on its back-off: the server waits 20 s for it, and until it
   * comes back it cannot know that nobody looks any more.
   */
  @Test
  void an_agent_that_was_away_goes_on_behind_a_gap_or_the_viewer_is_told_the_end()
      throws Exception {
    Seen seen = new Seen();
    try (Logs.View view = look(seen)) {
      site.uplink.refuse();
      TimeUnit.SECONDS.sleep(11);
      site.uplink.accept();
      int now = written.get();
      Await.until("newer lines or the end", () -> seen.newest() > now || !seen.ends.isEmpty());
      assertThat(seen.all.contains(Seen.MARKER) || !seen.ends.isEmpty()).isTrue();
    }
    seen.assertWhole();
    Await.until("the agent stops reading", () -> site.kubernetes.logReaders() == 0);
  }

  @Test
  void an_api_server_that_breaks_off_a_log_is_asked_again_behind_a_gap() throws Exception {
    Seen seen = new Seen();
    try (Logs.View view = look(seen)) {
      site.kubernetes.breakConnections();
      awaitMore(seen);
      Await.until("the gap is told", () -> !seen.gaps.isEmpty());
      awaitMore(seen);
    }
    seen.assertWhole();
    Await.until("the agent stops reading", () -> site.kubernetes.logReaders() == 0);
  }

  @Test
  void a_viewer_whose_connection_is_cut_stops_the_agent() throws Exception {
    try (Relay viewers = new Relay(server.address().getPort())) {
      String path =
          "/api/v1/clusters/" + cluster + "/pods/shop/web-0/log?container=app&follow=true&tail=5";
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + viewers.port() + path))
              .header("Authorization", "Bearer " + Servers.ADMIN_TOKEN)
              .build();
      HttpResponse<InputStream> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
      String line = lines.readLine();
      while (!line.startsWith("event: lines")) {
        line = lines.readLine();
      }
      assertThat(site.kubernetes.logReaders()).isEqualTo(1);
      viewers.refuse();
      Await.until("the agent stops reading", () -> site.kubernetes.logReaders() == 0);
    }
  }
}
