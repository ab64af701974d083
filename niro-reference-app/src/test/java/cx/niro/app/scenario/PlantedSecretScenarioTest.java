package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import cx.niro.app.ExitCode;
import cx.niro.app.Json;
import cx.niro.app.access.TrustedProxies;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import cx.niro.core.OrganizationId;
import cx.niro.core.Severity;
import cx.niro.server.Channels.ChannelSpec;
import cx.niro.server.jdbc.JdbcStores.Commits;
import cx.niro.server.spi.ChannelSelector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The values of Secrets, over the whole life of a deployment, in everything that leaves the agent
 * and the server: answers, what commands print, messages to channels, the database, the logs at
 * their most talkative.
 */
class PlantedSecretScenarioTest {
  private static final String FIRST = "planted-first-value-7c1d";
  private static final String SECOND = "planted-second-value-93ab";
  private static final String EDITED = "planted-edited-value-e2f0";
  private static final List<String> PLANTED =
      Stream.of(FIRST, SECOND, EDITED)
          .flatMap(value -> Stream.of(value, base64(value), base64(value).substring(0, 28)))
          .toList();

  private static final String WEB =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data: {color: blue}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: web}
      stringData: {password: %s}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: raw}
      data: {password: %s}
      """;

  private final Logger root = (Logger) org.slf4j.LoggerFactory.getLogger("cx.niro");
  private final Level before = root.getLevel();
  private final boolean additive = root.isAdditive();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Queue<String> messages = new ConcurrentLinkedQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> told = new ArrayList<>();

  @TempDir Path folder;
  private HttpServer receiver;
  private RunningServer server;
  private Cli niro;
  private Site site;
  private String cluster;

  private static String base64(String value) {
    return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
  }

  @BeforeEach
  void start() throws IOException {
    logged.start();
    root.setLevel(Level.TRACE);
    root.setAdditive(false);
    root.addAppender(logged);
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          messages.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    server =
        RunningServer.start(
            new ServerSettings(
                "127.0.0.1",
                0,
                folder.resolve("data"),
                null,
                Commits.SYNCHRONOUS,
                null,
                null,
                new ServerSettings.Windows(
                    Duration.ofSeconds(1), Duration.ofSeconds(65), Duration.ofSeconds(150)),
                Servers.ADMIN_TOKEN,
                Duration.ZERO,
                TrustedProxies.NONE,
                new ServerSettings.Notify(null, List.of("127.0.0.1")),
                Set.of()));
    niro = new Cli(server.address(), Servers.ADMIN_TOKEN);
    String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
    server
        .niro()
        .channels()
        .create(
            new OrganizationId("default"),
            new ChannelSpec(
                "ops",
                "webhook",
                Map.of("url", url, "secret", "whsec_" + base64("0123456789abcdef01234567")),
                Severity.LOW,
                ChannelSelector.ALL),
            "ada");
    Cli.Ran enrolled = niro.run("enroll", "lyon", "-o", "json");
    cluster = enrolled.text("cluster.id");
    site = new Site(server.address(), enrolled.text("enrollment.token"), folder);
    Await.until(
        "the agent has told what it may do",
        () -> niro.run("get", "clusters", "-o", "json").out().contains("\"apply\""));
  }

  @AfterEach
  void stop() {
    site.close();
    server.close();
    receiver.stop(0);
    root.detachAppender(logged);
    root.setAdditive(additive);
    root.setLevel(before);
  }

  // ---------------------------------------------------------------- what is done

  private Cli.Ran does(String... arguments) {
    Cli.Ran ran = niro.run(arguments);
    told.add(ran.out() + ran.err());
    look();
    return ran;
  }

  private Cli.Ran applies(String value) throws IOException {
    Path file = Files.writeString(folder.resolve("web.yaml"), WEB.formatted(value, base64(value)));
    return does(
        "apply", "-f", file.toString(), "-c", "lyon", "--name", "web", "-n", "shop", "--wait=60");
  }

  private void edits(String value) {
    site.kubernetes.put(
        "{'kind':'Secret','metadata':{'name':'web','namespace':'shop'},'data':{'password':'%s'}}"
            .formatted(base64(value)));
  }

  private String get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(server.address().resolve(path))
            .header("Authorization", "Bearer " + Servers.ADMIN_TOKEN)
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      told.add(path + " " + answer.statusCode() + " " + answer.body());
      return answer.body();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads everything that can be read. */
  private void look() {
    String one = "/api/v1/clusters/" + cluster;
    for (String part :
        List.of(
            "",
            "/nodes",
            "/pods",
            "/workloads",
            "/events",
            "/incidents",
            "/findings",
            "/policy",
            "/deployments",
            "/deployments/web",
            "/deployments/web/history",
            "/timeline",
            "/deployments/web/history/1",
            "/deployments/web/history/2",
            "/deployments/web/history/3")) {
      get(one + part);
    }
    for (String all : List.of("clusters", "incidents", "audit", "findings", "fleet", "channels")) {
      get("/api/v1/" + all);
    }
    for (String command : ids(get(one + "/commands"))) {
      get(one + "/commands/" + command);
    }
    for (String channel : ids(get("/api/v1/channels"))) {
      get("/api/v1/channels/" + channel + "/deliveries");
    }
  }

  private static List<String> ids(String list) {
    Object items = Json.parse(list) instanceof Map<?, ?> map ? map.get("items") : List.of();
    return ((List<?>) items)
        .stream().map(item -> String.valueOf(((Map<?, ?>) item).get("id"))).toList();
  }

  // ---------------------------------------------------------------- what is looked through

  private static void assertClean(String where, String text) {
    for (String value : PLANTED) {
      int at = text.indexOf(value);
      assertThat(at)
          .as("%s: …%s…", where, at < 0 ? "" : text.substring(Math.max(0, at - 300), at + 20))
          .isNegative();
    }
  }

  private static String text(ILoggingEvent event) {
    StringBuilder text = new StringBuilder(event.getFormattedMessage());
    for (IThrowableProxy e = event.getThrowableProxy(); e != null; e = e.getCause()) {
      text.append(' ').append(e.getMessage());
    }
    return text.toString();
  }

  private void assertDatabaseClean() throws Exception {
    Path data = folder.resolve("data");
    List<Path> files;
    try (Stream<Path> walk = Files.walk(data)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    int dumped = 0;
    for (Path file : files) {
      assertClean(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      if (file.toString().endsWith(".mv.db")) {
        dumped += dump("jdbc:h2:file:" + file.toString().replace(".mv.db", ""));
      }
    }
    assertThat(dumped).as("lines of the dump").isGreaterThan(50);
  }

  private static int dump(String url) throws Exception {
    int lines = 0;
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        ResultSet rows = connection.createStatement().executeQuery("SCRIPT")) {
      for (; rows.next(); lines++) {
        assertClean("dump", rows.getString(1));
      }
    }
    return lines;
  }

  @Test
  void the_values_of_secrets_are_nowhere_but_in_the_cluster() throws Exception {
    site.kubernetes.forbid("patch", "secrets");
    Cli.Ran partial = applies(FIRST);
    assertThat(partial.exitCode()).as(partial.err()).isEqualTo(ExitCode.FAILED);
    assertThat(partial.out()).contains("failed Secret shop/web");
    Await.within(
        Duration.ofSeconds(60),
        "the channel is told",
        () -> messages.toString().contains("managed"));
    site.kubernetes.allow("patch", "secrets");
    assertThat(applies(FIRST).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(String.valueOf(site.kubernetes.get("Secret", "shop", "web")))
        .contains(base64(FIRST));

    edits(EDITED);
    Cli.Ran drifted = does("diff", "web", "-c", "lyon");
    assertThat(drifted.out()).contains("drifted", "Secret shop/web");
    assertThat(applies(SECOND).out()).contains("revision 2");
    Cli.Ran back = does("rollback", "web", "--to", "1", "-c", "lyon", "--wait");
    assertThat(back.out()).contains("revision 3: succeeded");
    does("describe", "deployment", "web", "-c", "lyon", "-o", "yaml");
    site.kubernetes.forbid("delete", "secrets");
    assertThat(does("delete", "deployment", "web", "-c", "lyon", "--wait").exitCode())
        .isEqualTo(ExitCode.FAILED);
    site.kubernetes.allow("delete", "secrets");
    assertThat(does("delete", "deployment", "web", "-c", "lyon", "--wait").exitCode())
        .isEqualTo(ExitCode.OK);

    assertThat(told).hasSizeGreaterThan(100);
    told.forEach(text -> assertClean("an answer", text));
    assertThat(messages).isNotEmpty();
    messages.forEach(text -> assertClean("a notification", text));
    server.close();
    List<ILoggingEvent> all = List.copyOf(logged.list);
    assertThat(all).anyMatch(event -> event.getLoggerName().startsWith("cx.niro.agent"));
    assertThat(all).anyMatch(event -> event.getLoggerName().startsWith("cx.niro.server"));
    all.forEach(event -> assertClean("the log", text(event)));
    assertDatabaseClean();
  }
}
