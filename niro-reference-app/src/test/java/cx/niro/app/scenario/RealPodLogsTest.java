package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.NiroAgent;
import cx.niro.agent.kubernetes.Grants;
import cx.niro.agent.kubernetes.KubernetesAgent;
import cx.niro.app.ExitCode;
import cx.niro.app.Main;
import cx.niro.app.server.RunningServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@code niro logs}, the server, the agent with the installed account, and a real API server, which
 * asks a played kubelet.
 */
@RealClusterOnly
class RealPodLogsTest {
  private static final String SPACE = "niro-test-" + UUID.randomUUID().toString().substring(0, 8);
  private static final String NODE = "/api/v1/nodes/" + SPACE;
  private static final String POD = "/api/v1/namespaces/" + SPACE + "/pods/web";

  @TempDir static Path folder;
  private static RunningServer server;
  private static Cli niro;
  private static RealCluster cluster;
  private static PlayedKubelet kubelet;
  private static CutRelay relay;
  private static NiroAgent agent;

  @BeforeAll
  static void install() throws Exception {
    server = Servers.inMemory();
    niro = new Cli(server.address(), Servers.ADMIN_TOKEN);
    cluster = new RealCluster(folder, server.address());
    kubelet = new PlayedKubelet(folder);
    podOnNode();
    String token = niro.run("enroll", "lyon", "-o", "json").text("enrollment.token");
    Map<String, String> flags = Map.of("NIRO_ENABLE_LOGS", "1", "NIRO_TOKEN", token);
    cluster.install(flags);
    String way = cluster.agentKubeconfig();
    relay = new CutRelay(URI.create(way.replaceAll("(?s).*\\bserver: (\\S+).*", "$1")));
    String cuttable =
        way.replaceAll("\\bserver: \\S+", "server: https://127.0.0.1:" + relay.port());
    agent =
        KubernetesAgent.options(
                server.address().toString(),
                new ApiCalls(cuttable).client(),
                "niro-system",
                Grants.of(flags))
            .token(token)
            .proxy(null)
            .start();
    Await.until(
        "the agent has told what it may do",
        () -> niro.run("get", "clusters", "-o", "json").out().contains("\"logs\""));
  }

  private static void podOnNode() throws Exception {
    cluster.kubectl("create", "namespace", SPACE);
    cluster.admin().post("/api/v1/nodes", "{'metadata':{'name':'%s'}}".formatted(SPACE));
    cluster
        .admin()
        .patch(
            NODE + "/status",
            """
            {'status':{'addresses':[{'type':'InternalIP','address':'127.0.0.1'}],
              'daemonEndpoints':{'kubeletEndpoint':{'Port':%d}}}}
            """
                .formatted(kubelet.port()));
    cluster
        .admin()
        .post(
            "/api/v1/namespaces/" + SPACE + "/pods",
            """
            {'metadata':{'name':'web'},'spec':{'containers':[
              {'name':'app','image':'a:1'},{'name':'bytes','image':'a:1'},{'name':'followed','image':'a:1'},{'name':'left','image':'a:1'}]}}
            """);
    cluster
        .admin()
        .post(
            POD + "/binding",
            "{'metadata':{'name':'web'},'target':{'kind':'Node','name':'%s'}}".formatted(SPACE));
    cluster.admin().patch(POD + "/status", "{'status':{'phase':'Running'}}");
  }

  @AfterAll
  static void uninstall() throws Exception {
    agent.close();
    relay.close();
    kubelet.close();
    cluster.kubectl("-n", SPACE, "delete", "pod", "web", "--force", "--grace-period=0");
    cluster.kubectl("delete", "node", SPACE);
    cluster.deleteNamespaces("niro-system", SPACE);
    cluster.close();
    server.close();
  }

  private static Cli.Ran logs(String container, String... more) {
    String[] all = new String[more.length + 8];
    String[] first = {"logs", "web", "-n", SPACE, "--cluster", "lyon", "-c", container};
    System.arraycopy(first, 0, all, 0, 8);
    System.arraycopy(more, 0, all, 8, more.length);
    return niro.run(all);
  }

  @Test
  void a_log_comes_from_the_container_the_run_and_the_time_that_were_asked_for() {
    kubelet.write("app", "of the run before");
    kubelet.restart("app");
    kubelet.write("app", Instant.now().minusSeconds(7200), bytes("two hours old"));
    kubelet.write("app", "one");
    kubelet.write("app", "two");
    assertThat(logs("app").out()).isEqualTo("two hours old\none\ntwo\n");
    assertThat(logs("app", "--tail", "1").out()).isEqualTo("two\n");
    assertThat(logs("app", "--since", "1h").out()).isEqualTo("one\ntwo\n");
    assertThat(logs("app", "--previous").out()).isEqualTo("of the run before\n");
    assertThat(logs("app").exitCode()).isEqualTo(ExitCode.OK);
  }

  @Test
  void what_the_api_server_refuses_is_told_in_its_words() {
    Cli.Ran unnamed = niro.run("logs", "web", "-n", SPACE, "--cluster", "lyon");
    assertThat(unnamed.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(unnamed.err())
        .contains(
            "a container name must be specified for pod web, choose one of: [app bytes followed left]");
    assertThat(logs("other").err()).contains("container other is not valid for pod web");
    Cli.Ran absent = niro.run("logs", "nobody", "-n", SPACE, "--cluster", "lyon");
    assertThat(absent.err()).contains("pods \"nobody\" not found");
  }

  @Test
  void long_lines_are_cut_and_bytes_that_are_no_text_do_nothing_to_a_terminal() {
    kubelet.write("bytes", "é".repeat(500_000));
    kubelet.write("bytes", Instant.now(), new byte[] {'a', (byte) 0xff, 0, 27, '[', '2', 'J', 'b'});
    kubelet.write("bytes", "after");
    String[] lines = logs("bytes").out().split("\n");
    assertThat(lines[0]).startsWith("éé").endsWith("é… [cut, the line has 1000000 bytes]");
    assertThat(lines[0]).hasSizeLessThan(20_000);
    assertThat(lines[1]).isEqualTo("a\uFFFD\uFFFD\\x1b[2Jb");
    assertThat(lines[2]).isEqualTo("after");
  }

  @Test
  void what_is_followed_goes_on_after_a_gap_and_ends_with_its_container_and_its_viewer()
      throws Exception {
    kubelet.write("followed", "first");
    Following viewer = new Following("followed", "--tail", "1");
    Await.until("the last line", () -> viewer.out.toString().contains("first\n"));
    kubelet.write("followed", "second");
    Await.until("the next line", () -> viewer.out.toString().contains("second\n"));

    relay.cut();
    kubelet.write("followed", "third");
    Await.until("the gap", () -> viewer.err.toString().contains("nothing was heard for"));
    Await.until("what came after it", () -> viewer.out.toString().contains("third\n"));

    kubelet.restart("followed");
    assertThat(viewer.exitCode.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    assertThat(logs("followed", "--previous", "--tail", "1").out()).isEqualTo("third\n");
  }

  @Test
  void the_kubelet_is_left_alone_within_two_seconds_of_the_last_viewer() throws Exception {
    kubelet.write("left", "on");
    Viewer one = new Viewer("left");
    Viewer two = new Viewer("left");
    Await.until("both see it", () -> one.sees("on") && two.sees("on"));
    assertThat(kubelet.readers("left")).as("one stream for both").isEqualTo(1);
    one.leave();
    kubelet.write("left", "still");
    Await.until("the other goes on", () -> two.sees("still"));
    two.leave();
    long left = System.nanoTime();
    Await.until(
        "nobody reads",
        () -> {
          kubelet.write("left", "to nobody");
          return kubelet.readers("left") == 0;
        });
    long millis = (System.nanoTime() - left) / 1_000_000;
    System.out.println("logs: the kubelet was left alone after " + millis + " ms");
    assertThat(millis).isLessThan(2_000);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** {@code niro logs --follow} as somebody watches it. */
  private static final class Following {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    Following(String container, String... more) {
      CommandLine line = Main.commandLine();
      line.setOut(new PrintWriter(out));
      line.setErr(new PrintWriter(err));
      String[] all = {
        "logs",
        "web",
        "-n",
        SPACE,
        "--cluster",
        "lyon",
        "-c",
        container,
        "-f",
        "--server",
        server.address().toString(),
        "--api-token",
        Servers.ADMIN_TOKEN,
        more[0],
        more[1]
      };
      new Thread(() -> exitCode.complete(line.execute(all))).start();
    }
  }

  /** Somebody who looks, by hand, and goes away without a word. */
  private static final class Viewer {
    private final Socket socket;
    private final StringBuffer seen = new StringBuffer();

    Viewer(String container) throws Exception {
      String id = niro.run("get", "clusters", "-c", "lyon", "-o", "json").text("items");
      socket = new Socket(server.address().getHost(), server.address().getPort());
      String request =
          "GET /api/v1/clusters/%s/pods/%s/web/log?container=%s&follow=true&tail=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(
                  id.replaceAll("(?s).*?\\bid=([\\w-]+).*", "$1"),
                  SPACE,
                  container,
                  Servers.ADMIN_TOKEN);
      socket.getOutputStream().write(bytes(request));
      Thread reader = new Thread(this::read);
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      try {
        InputStream in = socket.getInputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
          seen.append((char) next);
        }
      } catch (IOException e) {
        // Left.
      }
    }

    boolean sees(String text) {
      return seen.indexOf('"' + text + '"') >= 0;
    }

    void leave() throws IOException {
      socket.close();
    }
  }
}
