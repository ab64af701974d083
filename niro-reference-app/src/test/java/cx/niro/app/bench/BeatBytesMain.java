package cx.niro.app.bench;

import cx.niro.agent.KeyStores;
import cx.niro.agent.NiroAgent;
import cx.niro.agent.spi.Observation;
import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.app.bench.BeatBytes.Beat;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import cx.niro.core.testkit.Snapshots;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/**
 * {@code BeatBytesMain [--usage still|moving] [--beats 100] [--nodes 3] [--pods 60]}: bytes of
 * HTTP/2 frames of a beat and its answer, between a real agent and a real server, for a cluster in
 * which nothing changes; with figures of usage that stay as they are, or move as those of a
 * simulated fleet. The interval is the shortest there is; it does not change what is sent.
 */
public final class BeatBytesMain {
  private BeatBytesMain() {}

  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    int wanted = arguments.number("beats", 100);
    BeatBytes counted = new BeatBytes();
    try (RunningServer server = RunningServer.start(settings());
        Http2Relay relay = new Http2Relay(server.address().getPort(), counted);
        AutoCloseable agent = agent(server, "http://127.0.0.1:" + relay.port(), arguments)) {
      BenchFleet.await(
          wanted + " beats", Duration.ofSeconds(60 + 3L * wanted), () -> size(counted) >= wanted);
      synchronized (counted) {
        report(counted);
      }
    }
    System.exit(0);
  }

  private static AutoCloseable agent(RunningServer server, String url, Arguments arguments) {
    int nodes = arguments.number("nodes", 3);
    int pods = arguments.number("pods", 60);
    String token = BenchFleet.token(new PlainClient(server.address()), "quiet");
    if (arguments.text("usage", "still").equals("moving")) {
      VirtualFleet fleet =
          VirtualFleet.builder(url).options(options -> options.http2PriorKnowledge(true)).build();
      fleet.add(VirtualClusterSpec.of(nodes, pods), token);
      return fleet;
    }
    Observation still = Observation.of(Snapshots.seeded(1).cluster(nodes, pods));
    return NiroAgent.builder(url)
        .token(token)
        .keyStore(KeyStores.inMemory())
        .inventory(() -> still)
        .http2PriorKnowledge(true)
        .start();
  }

  private static int size(BeatBytes counted) {
    synchronized (counted) {
      return (int) counted.beats.stream().filter(beat -> beat.form().startsWith("unch")).count();
    }
  }

  private static ServerSettings settings() {
    return new ServerSettings(
        "127.0.0.1",
        0,
        null,
        URI.create("http://127.0.0.1"),
        null,
        new ServerSettings.Windows(
            Duration.ofSeconds(1), Duration.ofSeconds(65), Duration.ofSeconds(150)),
        ServerProcess.ADMIN_TOKEN,
        Duration.ZERO);
  }

  private static void report(BeatBytes counted) {
    TreeSet<String> forms = new TreeSet<>();
    counted.beats.forEach(beat -> forms.add(beat.form()));
    for (String form : forms) {
      List<Beat> beats = counted.beats.stream().filter(b -> b.form().equals(form)).toList();
      System.out.printf(
          "%-22s %4d beats: median %d = request head %d body %d + response head %d body %d%n",
          form,
          beats.size(),
          median(beats, Beat::bytes),
          median(beats, Beat::requestHead),
          median(beats, Beat::requestBody),
          median(beats, Beat::responseHead),
          median(beats, Beat::responseBody));
    }
    List<Beat> quiet = counted.beats.stream().filter(b -> b.form().startsWith("unch")).toList();
    System.out.printf("all unchanged beats: median %d%n", median(quiet, Beat::bytes));
    System.out.printf("frames of the connection itself: %d%n", counted.connectionBytes);
    System.out.println(counted.lastRequest);
    System.out.println(counted.lastAnswer);
  }

  private static int median(List<Beat> beats, ToIntFunction<Beat> figure) {
    return beats.stream().mapToInt(figure).sorted().skip(beats.size() / 2).findFirst().orElse(0);
  }
}
