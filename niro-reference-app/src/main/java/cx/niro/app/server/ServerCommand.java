package cx.niro.app.server;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.SystemTime;
import cx.niro.app.access.TrustedProxies;
import cx.niro.core.ClusterId;
import cx.niro.core.incident.rules.Thresholds;
import cx.niro.core.protocol.Protocol;
import cx.niro.server.ServerOptions;
import cx.niro.server.jdbc.JdbcStores.Commits;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the server until it is told to end. */
@Command(
    name = "server",
    description = "Runs the server. Without users it prints a one-time link to set it up.",
    footer = {
      "",
      "NIRO_ADMIN_TOKEN, at least 20 characters, is an owner's API token when it is set.",
      "docs/operating.md: TLS, reverse proxies, backup, every environment variable."
    })
public final class ServerCommand implements Callable<Integer> {
  private static final int LEAST_BEATS = 4;

  @Option(
      names = "--host",
      defaultValue = "${env:NIRO_HOST:-127.0.0.1}",
      description =
          "The address to listen on; NIRO_HOST, default 127.0.0.1. 0.0.0.0 for all of this"
              + " machine's.")
  String host = "";

  @Option(
      names = {"-p", "--port"},
      defaultValue = "${env:NIRO_PORT:-8080}",
      description = "NIRO_PORT, default 8080; 0 for any free one.")
  int port;

  @Option(
      names = "--data-dir",
      defaultValue = "${env:NIRO_DATA_DIR:-./niro-data}",
      description = "Where everything is kept; NIRO_DATA_DIR, default ./niro-data.")
  Path dataDir = Path.of("niro-data");

  @Option(
      names = "--commits",
      defaultValue = "${env:NIRO_COMMITS:-synchronous}",
      description =
          "When a write counts as done; NIRO_COMMITS. synchronous, the default: when it is on disk."
              + " deferred: up to half a second before that, for throw-away data only.")
  Commits commits = Commits.SYNCHRONOUS;

  @Mixin DatabaseFlags database = new DatabaseFlags();

  @Option(
      names = "--database-listen",
      paramLabel = "yes|no",
      defaultValue = "${env:NIRO_DATABASE_LISTEN:-yes}",
      description =
          "Whether servers over one PostgreSQL tell each other by NOTIFY; NIRO_DATABASE_LISTEN,"
              + " default yes. With no they see it within a second.")
  String databaseListen = "yes";

  @Option(
      names = "--public-url",
      defaultValue = "${env:NIRO_PUBLIC_URL}",
      description = "Where clusters and browsers reach the server; NIRO_PUBLIC_URL.")
  @Nullable URI publicUrl;

  @Option(
      names = "--advertise-url",
      defaultValue = "${env:NIRO_ADVERTISE_URL}",
      description =
          "Where the other servers over the same PostgreSQL reach this one, past any balancer;"
              + " NIRO_ADVERTISE_URL. Log viewers need it.")
  @Nullable URI advertiseUrl;

  @Option(
      names = "--trusted-proxies",
      defaultValue = "${env:NIRO_TRUSTED_PROXIES:-}",
      description =
          "Addresses or ranges of proxies whose X-Forwarded-For counts; NIRO_TRUSTED_PROXIES,"
              + " default none.")
  String trustedProxies = "";

  @Option(
      names = "--tls-cert",
      defaultValue = "${env:NIRO_TLS_CERT}",
      description = "PEM file of the certificate chain; NIRO_TLS_CERT.")
  @Nullable Path tlsCert;

  @Option(
      names = "--tls-key",
      defaultValue = "${env:NIRO_TLS_KEY}",
      description = "PEM file of its private key; NIRO_TLS_KEY.")
  @Nullable Path tlsKey;

  @Option(
      names = "--unknown-after",
      converter = Durations.class,
      defaultValue = "${env:NIRO_UNKNOWN_AFTER:-65s}",
      description = "Silence that makes a cluster unknown; NIRO_UNKNOWN_AFTER, default 65s.")
  Duration unknownAfter = ServerOptions.DEFAULT_UNKNOWN_AFTER;

  @Option(
      names = "--offline-after",
      converter = Durations.class,
      defaultValue = "${env:NIRO_OFFLINE_AFTER:-150s}",
      description = "Silence that makes it offline; NIRO_OFFLINE_AFTER, default 150s.")
  Duration offlineAfter = ServerOptions.DEFAULT_OFFLINE_AFTER;

  @Option(
      names = "--secrets-key-file",
      defaultValue = "${env:NIRO_SECRETS_KEY_FILE}",
      description =
          "The key that secrets are sealed with in the database; NIRO_SECRETS_KEY_FILE, default"
              + " secrets.key in the data folder, made when it is not there.")
  @Nullable Path secretsKeyFile;

  @Option(
      names = "--notify-allow",
      split = ",",
      defaultValue = "${env:NIRO_NOTIFY_ALLOW}",
      description =
          "Hosts, addresses and ranges that notifications may go to although they are not public;"
              + " NIRO_NOTIFY_ALLOW, separated by commas.")
  List<String> notifyAllow = List.of();

  @Option(
      names = "--record",
      split = ",",
      paramLabel = "CLUSTER-ID",
      defaultValue = "${env:NIRO_RECORD}",
      description =
          "Clusters whose heartbeats are taken down in recordings/ of the data folder, for niro"
              + " replay; NIRO_RECORD, separated by commas.")
  List<String> record = List.of();

  @Option(
      names = "--detection-profile",
      defaultValue = "${env:NIRO_DETECTION_PROFILE:-standard}",
      description =
          "How soon incidents open; NIRO_DETECTION_PROFILE. standard, the default, or conservative:"
              + " later and fewer.")
  String detectionProfile = "standard";

  @Spec CommandSpec spec;

  private final InstantSource clock;

  public ServerCommand() {
    this(SystemTime.CLOCK);
  }

  /** One whose server goes by another clock than this machine's. */
  public ServerCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws InterruptedException {
    RunningServer server = RunningServer.start(settings(), clock);
    CountDownLatch ended = new CountDownLatch(1);
    SystemTime.onShutdown(
        "shutdown",
        () -> {
          server.close();
          ended.countDown();
        });
    server.databaseLost().thenAccept(failure -> ended.countDown());
    announce(server);
    ended.await();
    if (server.databaseLost().toCompletableFuture().isDone()) {
      throw new CommandException(
          ExitCode.FAILED,
          "the database in "
              + dataDir
              + " has closed itself after an error, most often because the disk is full. What was"
              + " acknowledged is kept; mend the cause and start again.");
    }
    return ExitCode.OK;
  }

  private ServerSettings settings() {
    checkDataDir();
    checkWindows();
    @Nullable String adminToken = System.getenv("NIRO_ADMIN_TOKEN");
    try {
      ServerSettings.Windows windows =
          new ServerSettings.Windows(
              Protocol.HEARTBEAT_INTERVAL,
              unknownAfter,
              offlineAfter,
              Thresholds.ofProfile(detectionProfile));
      return new ServerSettings(
          host,
          port,
          dataDir,
          shared(),
          commits,
          given(publicUrl),
          tls(),
          windows,
          adminToken == null || adminToken.isEmpty() ? null : adminToken,
          ServerOptions.DEFAULT_DRAIN_TIME,
          TrustedProxies.parse(trustedProxies),
          new ServerSettings.Notify(
              secretsKeyFile == null || secretsKeyFile.toString().isBlank() ? null : secretsKeyFile,
              notifyAllow.stream().filter(entry -> !entry.isBlank()).toList()),
          record.stream()
              .filter(id -> !id.isBlank())
              .map(id -> new ClusterId(id.strip()))
              .collect(Collectors.toSet()));
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable Postgres shared() {
    Postgres postgres = database.postgres();
    URI self = given(advertiseUrl);
    if (postgres == null && self != null) {
      throw new IllegalArgumentException(
          "--advertise-url (NIRO_ADVERTISE_URL) is for servers over one PostgreSQL; set"
              + " --database-url too");
    }
    return postgres == null ? null : postgres.advertising(self).listening(isListening());
  }

  private static @Nullable URI given(@Nullable URI url) {
    return url == null || url.toString().isBlank() ? null : url;
  }

  private boolean isListening() {
    if (!databaseListen.equals("yes") && !databaseListen.equals("no")) {
      throw new IllegalArgumentException(
          "--database-listen (NIRO_DATABASE_LISTEN) must be yes or no but was '"
              + databaseListen
              + "'");
    }
    return databaseListen.equals("yes");
  }

  private void checkDataDir() {
    if (dataDir.toString().isBlank()) {
      throw new CommandException(
          ExitCode.USAGE, "--data-dir (NIRO_DATA_DIR) is empty; . is the current folder");
    }
  }

  private void checkWindows() {
    Duration least = Protocol.HEARTBEAT_INTERVAL.multipliedBy(LEAST_BEATS);
    if (unknownAfter.compareTo(least) < 0) {
      throw new CommandException(
          ExitCode.USAGE,
          "--unknown-after (NIRO_UNKNOWN_AFTER) must be at least "
              + least.toSeconds()
              + "s, four heartbeats, but was "
              + unknownAfter.toSeconds()
              + "s");
    }
  }

  private ServerSettings.@Nullable Tls tls() {
    if (tlsCert == null && tlsKey == null) {
      return null;
    }
    if (tlsCert == null || tlsKey == null) {
      throw new CommandException(
          ExitCode.USAGE, "--tls-cert and --tls-key (NIRO_TLS_CERT, NIRO_TLS_KEY) go together");
    }
    return new ServerSettings.Tls(tlsCert, tlsKey);
  }

  /** The link is printed and not logged: logs travel, and it makes an owner. */
  private void announce(RunningServer server) {
    PrintWriter out = spec.commandLine().getOut();
    URI shown = publicUrl == null ? server.address() : publicUrl;
    String address = shown.toString().replaceAll("/+$", "");
    out.println("Niro is at " + address);
    server
        .access()
        .newSetupCode()
        .ifPresent(code -> out.println("Set it up, once: " + address + "/setup#code=" + code));
    out.flush();
  }
}
