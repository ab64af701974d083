package cx.niro.app.bench;

import cx.niro.agent.AgentOptions;
import cx.niro.agent.KeyStores;
import cx.niro.agent.NiroAgent;
import cx.niro.agent.spi.Observation;
import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.app.access.Access;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import cx.niro.core.Environment;
import cx.niro.core.testkit.Snapshots;
import cx.niro.server.Clusters;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code IdleHourMain [--minutes 10] [--usage still|moving] [--nodes 3] [--pods 60]}: what an idle
 * cluster costs the network in an hour, polls included, by as many minutes of two real agents, one
 * in clear text through a relay that sums the frames and one over TLS through a relay that sums the
 * bytes. Segments come from {@code ss}; each has 52 bytes of head (IPv4, TCP with timestamps).
 */
public final class IdleHourMain {
  private static final Pattern SEGMENTS = Pattern.compile("segs_(?:in|out):(\\d+)");
  private static final int SEGMENT_HEAD = 52;
  private static final String PASSWORD = "changeit";

  private final Arguments arguments;
  private final Path folder;

  private IdleHourMain(Arguments arguments) throws Exception {
    this.arguments = arguments;
    this.folder = Files.createTempDirectory("niro-idle");
  }

  public static void main(String[] args) throws Exception {
    IdleHourMain idle = new IdleHourMain(new Arguments(args));
    try {
      idle.run();
    } finally {
      Trees.delete(idle.folder);
    }
    System.exit(0);
  }

  private void run() throws Exception {
    ServerSettings.Tls tls = selfSigned();
    IdleBytes frames = new IdleBytes();
    try (RunningServer clear = RunningServer.start(settings(null));
        RunningServer secure = RunningServer.start(settings(tls));
        Http2Relay counting = new Http2Relay(clear.address().getPort(), frames);
        ByteRelay bytes = new ByteRelay(secure.address().getPort());
        AutoCloseable one = agent(clear, "http://127.0.0.1:" + counting.port(), o -> o);
        AutoCloseable other =
            agent(
                secure,
                "https://127.0.0.1:" + bytes.port(),
                options -> options.caBundle(tls.certificate()))) {
      TimeUnit.SECONDS.sleep(70);
      frames.clear();
      long bytesBefore = bytes.bytes.get();
      long segmentsBefore = segments(secure.address().getPort());
      int minutes = arguments.number("minutes", 10);
      TimeUnit.MINUTES.sleep(minutes);
      double factor = 60.0 / minutes;
      say("%s", frames.text(factor));
      double sum = bytes.bytes.get() - bytesBefore;
      double heads = SEGMENT_HEAD * (segments(secure.address().getPort()) - segmentsBefore);
      say("%-22s %24.1f kB an hour", "with TLS", sum * factor / 1000);
      say("%-22s %24.1f kB an hour", "with TLS and TCP/IP", (sum + heads) * factor / 1000);
    }
  }

  private AutoCloseable agent(
      RunningServer server, String url, UnaryOperator<AgentOptions.Builder> change) {
    int nodes = arguments.number("nodes", 3);
    int pods = arguments.number("pods", 60);
    String token =
        server
            .niro()
            .clusters()
            .create(
                Access.ORGANIZATION,
                new Clusters.ClusterSpec("idle", Environment.PRODUCTION, Map.of()),
                "bench")
            .enrollment()
            .token();
    UnaryOperator<AgentOptions.Builder> all =
        options -> change.apply(options.http2PriorKnowledge(url.startsWith("http:")));
    if (arguments.text("usage", "still").equals("moving")) {
      VirtualFleet fleet = VirtualFleet.builder(url).options(all).build();
      fleet.add(VirtualClusterSpec.of(nodes, pods), token);
      return fleet;
    }
    Observation still = Observation.of(Snapshots.seeded(1).cluster(nodes, pods));
    AgentOptions.Builder options =
        NiroAgent.builder(url).token(token).keyStore(KeyStores.inMemory()).inventory(() -> still);
    return all.apply(options).start();
  }

  private static ServerSettings settings(ServerSettings.@Nullable Tls tls) {
    return new ServerSettings(
        "127.0.0.1",
        0,
        null,
        URI.create((tls == null ? "http" : "https") + "://127.0.0.1"),
        tls,
        new ServerSettings.Windows(
            Duration.ofSeconds(15), Duration.ofSeconds(65), Duration.ofSeconds(150)),
        ServerProcess.ADMIN_TOKEN,
        Duration.ZERO);
  }

  /** Those of the relay's connection to the server, both ways. */
  private static long segments(int port) throws Exception {
    Process ss = new ProcessBuilder("ss", "-tinH", "dport", "=", ":" + port).start();
    String text = new String(ss.getInputStream().readAllBytes());
    ss.waitFor();
    long sum = 0;
    Matcher matcher = SEGMENTS.matcher(text);
    while (matcher.find()) {
      sum += Long.parseLong(matcher.group(1));
    }
    return sum;
  }

  private ServerSettings.Tls selfSigned() throws Exception {
    Path store = folder.resolve("tls.p12");
    String command =
        "%s -genkeypair -alias a -keyalg EC -groupname secp256r1 -dname CN=localhost -ext"
            + " san=ip:127.0.0.1 -validity 2 -storetype PKCS12 -keystore %s -storepass %s";
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    new ProcessBuilder(command.formatted(keytool, store, PASSWORD).split(" ")).start().waitFor();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    byte[] key = keys.getKey("a", PASSWORD.toCharArray()).getEncoded();
    return new ServerSettings.Tls(
        pem("CERTIFICATE", keys.getCertificate("a").getEncoded()), pem("PRIVATE KEY", key));
  }

  private Path pem(String kind, byte[] der) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        folder.resolve(kind.replace(' ', '-') + ".pem"),
        "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
