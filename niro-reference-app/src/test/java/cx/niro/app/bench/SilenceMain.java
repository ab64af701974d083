package cx.niro.app.bench;

import cx.niro.app.Logs;
import cx.niro.app.access.TrustedProxies;
import cx.niro.app.bench.PlainClient.Call;
import cx.niro.app.bench.ToldWatch.Told;
import cx.niro.app.server.ServerSettings;
import cx.niro.app.server.ServerSettings.Notify;
import cx.niro.app.server.ServerSettings.Windows;
import cx.niro.server.jdbc.JdbcStores.Commits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * {@code SilenceMain [--clusters 10000] [--interval 30] [--offline 150] [--ends no|yes] [--jfr
 * FILE]}: a server process with H2 to which so many clusters report, and which has a webhook and an
 * Alertmanager channel to a receiver on loopback. All clusters fall silent at once, and later come
 * back at once. Prints when the incidents opened, what was told of them, and how the REST API
 * answered before and during.
 */
public final class SilenceMain {
  private static final Duration UNKNOWN = Duration.ofSeconds(65);
  private static final String SECRET = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
  private static final String OPEN = "/api/v1/incidents?state=firing&type=cluster_offline";

  private final int clusters;
  private final Duration offline;
  private final BeatingFleet fleet;
  private final Path folder;
  private final ServerProcess server;
  private final PlainClient client;
  private final ToldWatch told = new ToldWatch();

  private SilenceMain(Arguments arguments, Path folder) throws Exception {
    this.clusters = arguments.number("clusters", 10_000);
    this.offline = Duration.ofSeconds(arguments.number("offline", 150));
    this.fleet = new BeatingFleet(Duration.ofSeconds(arguments.number("interval", 30)));
    this.folder = folder;
    List<String> jvm = new ArrayList<>(List.of("-Xmx1500m"));
    String recording = arguments.text("jfr", "");
    if (!recording.isEmpty()) {
      jvm.add("-XX:StartFlightRecording=filename=" + recording + ",settings=profile");
    }
    this.server =
        new ServerProcess(
            folder,
            jvm,
            List.of("--notify-allow", "127.0.0.1", "--offline-after", offline.toSeconds() + "s"));
    this.client = new PlainClient(server.uri());
  }

  public static void main(String[] arguments) throws Exception {
    Logs.withoutAgents();
    Arguments given = new Arguments(arguments);
    Path folder = Files.createTempDirectory("niro-silence");
    SilenceMain main = new SilenceMain(given, folder);
    try {
      main.run(given.text("ends", "no").equals("yes"));
    } finally {
      main.stop();
    }
    System.exit(0);
  }

  private void stop() throws Exception {
    told.close();
    server.kill();
    List<String> complaints =
        Files.readAllLines(folder.resolve("server.log")).stream()
            .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
            .limit(10)
            .toList();
    System.out.println("the server warned of " + complaints);
    Trees.delete(folder);
  }

  private void run(boolean ends) throws Exception {
    enroll();
    server.spawn();
    server.awaitReady();
    channel(
        "webhook", "{\"url\":\"" + told.address() + "/hook\",\"secret\":\"whsec_" + SECRET + "\"}");
    channel("alertmanager", "{\"url\":\"" + told.address() + "\"}");
    say("first beats took %s", fleet.beatOnce(client));
    fleet.begin(client);
    TimeUnit.SECONDS.sleep(40);
    try (RestProbe probe = new RestProbe(client, questions(), Duration.ofMillis(50))) {
      measure(probe, "before", Duration.ofSeconds(45));
      long cut = System.currentTimeMillis();
      fleet.fallSilent();
      say("all silent; %d beats not taken until here", fleet.refused.get());
      sleepUntil(cut + offline.toMillis() - 40_000);
      probe.report("silent, none offline");
      Duration before = server.processorTime();
      awaitTold();
      probe.report("during");
      cpu("from the first offline until all are told", before);
      report(cut);
      told.forget();
      back(probe);
    }
    if (ends) {
      BenchFleet.await(
          "ends told", Duration.ofMinutes(8), () -> told.told().incidents() >= clusters);
      say("ends: %s in groups %s", told.told(), told.groups());
    }
  }

  private void enroll() throws Exception {
    Windows windows = new Windows(Duration.ofSeconds(15), UNKNOWN, Duration.ofSeconds(150));
    ServerSettings settings =
        new ServerSettings(
            "127.0.0.1",
            0,
            folder.resolve("data"),
            null,
            Commits.DEFERRED,
            null,
            null,
            windows,
            null,
            Duration.ZERO,
            TrustedProxies.parse(""),
            Notify.DEFAULT,
            Set.of());
    long start = System.nanoTime();
    fleet.enroll(folder, clusters, settings);
    say("%d enrolled in %d s", clusters, Duration.ofNanos(System.nanoTime() - start).toSeconds());
  }

  private void channel(String kind, String settings) {
    String body =
        "{\"name\":\"%s\",\"kind\":\"%s\",\"settings\":%s,\"minimumSeverity\":\"low\",\"selector\":{}}"
            .formatted(kind, kind, settings);
    PlainClient.Answer made =
        client
            .untilAnswered(
                Call.post("/api/v1/channels", ServerProcess.ADMIN_TOKEN, body), () -> false)
            .orElseThrow();
    if (!made.ok()) {
      throw new IllegalStateException(made.toString());
    }
  }

  private Map<String, String> questions() {
    Map<String, String> questions = new LinkedHashMap<>();
    questions.put("fleet", "/api/v1/fleet");
    questions.put("clusters", "/api/v1/clusters?limit=100");
    questions.put("incidents", "/api/v1/incidents?state=firing&limit=100");
    questions.put("a cluster", "/api/v1/clusters/" + fleet.members().get(0).id);
    return questions;
  }

  private void measure(RestProbe probe, String phase, Duration time) throws Exception {
    Duration before = server.processorTime();
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
    probe.report(phase);
    cpu(phase, before);
  }

  private void cpu(String phase, Duration before) {
    Duration used = server.processorTime().minus(before);
    say("%s: the server used %d ms of processors, load %s", phase, used.toMillis(), load());
  }

  private static String load() {
    return String.valueOf(
        java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private void awaitTold() {
    BenchFleet.await(
        "all told",
        Duration.ofMinutes(15),
        () -> told.told().incidents() >= clusters && told.told().alerts() >= clusters);
  }

  private void report(long cut) {
    Map<String, Long> lastBeats = new LinkedHashMap<>();
    fleet.members().forEach(member -> lastBeats.put(member.id, member.lastBeatMillis));
    List<Map<?, ?>> open = BeatingFleet.pages(client, OPEN);
    long[] late =
        open.stream()
            .mapToLong(
                row -> {
                  String id = String.valueOf(((Map<?, ?>) row.get("cluster")).get("id"));
                  Instant at = Instant.parse(String.valueOf(row.get("openedAt")));
                  return at.toEpochMilli() - lastBeats.get(id) - offline.toMillis();
                })
            .sorted()
            .toArray();
    long grouped = open.stream().filter(row -> "fleet_silence".equals(row.get("groupKey"))).count();
    say(
        "%d open, %d with fleet_silence; late by p50 %d, p99 %d, at most %d ms; %d by over 5 s",
        open.size(),
        grouped,
        late[late.length / 2],
        late[late.length * 99 / 100],
        late[late.length - 1],
        Arrays.stream(late).filter(one -> one > 5_000).count());
    Told all = told.told();
    say("told: %s in groups %s", all, told.groups());
    say(
        "the last message came %d ms after the line was cut, %d ms after the last was due",
        all.lastAtMillis() - cut,
        all.lastAtMillis()
            - offline.toMillis()
            - lastBeats.values().stream().mapToLong(Long::longValue).max().orElse(0));
  }

  /** How long until nothing is open any more. */
  private void back(RestProbe probe) throws Exception {
    Duration before = server.processorTime();
    long start = System.nanoTime();
    Duration beats = fleet.beatOnce(client);
    fleet.begin(client);
    BenchFleet.await(
        "all resolved", Duration.ofMinutes(5), () -> BeatingFleet.pages(client, OPEN).isEmpty());
    say(
        "all back: a beat of each took %s, nothing open after %s; %d beats not taken in all",
        beats, Duration.ofNanos(System.nanoTime() - start), fleet.refused.get());
    probe.report("coming back");
    cpu("coming back", before);
  }

  private static void sleepUntil(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(Math.max(0, millis - System.currentTimeMillis()));
  }

  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
