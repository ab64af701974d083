package cx.niro.app.bench;

import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.app.bench.PlainClient.Call;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * What coming back costs. First without any pace: connections that are opened for one beat beside
 * such for {@code /healthz}, in processor time of the server. Then a fleet of real agents whose
 * server is away for ten seconds: when they were all back, and how the beats were spread.
 */
final class ReconnectStorm {
  private static final Duration OUTAGE = Duration.ofSeconds(10);
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int ROUNDS = 3;

  private final ServerProcess server;
  private final StormSite site;
  private final int count;
  private final Outcomes outcomes = new Outcomes();

  ReconnectStorm(ServerProcess server, Arguments arguments) {
    this.server = server;
    this.site = new StormSite(server.uri());
    this.count = arguments.number("count", 10_000);
  }

  void run() throws Exception {
    capacity();
    fleet();
  }

  private void capacity() throws Exception {
    List<BenchCluster> clusters = site.enrolled("capacity", Math.min(count, 2_000));
    String probe = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    for (int round = 0; round < ROUNDS; round++) {
      Duration floor = used(clusters.size(), i -> probe);
      Duration ours = used(clusters.size(), i -> beat(clusters.get(i)));
      System.out.printf(
          Locale.ROOT,
          "%d connections: for one beat %d ms, for /healthz %d ms of processors: %.1f times%n",
          clusters.size(),
          ours.toMillis(),
          floor.toMillis(),
          (double) ours.toMillis() / floor.toMillis());
    }
    System.out.println("answered " + outcomes + ", wrong " + outcomes.wrong());
  }

  private static String beat(BenchCluster cluster) {
    cluster.sequence++;
    String body = Bodies.beat(cluster, System.currentTimeMillis());
    return """
    POST /agent/v1/heartbeat HTTP/1.1\r
    Host: x\r
    Connection: close\r
    Content-Type: application/json\r
    Authorization: Bearer %s\r
    Content-Length: %d\r
    \r
    %s"""
        .formatted(cluster.key, body.length(), body);
  }

  private Duration used(int times, IntFunction<String> request) throws Exception {
    Duration before = server.processorTime();
    ExecutorService pool = Executors.newFixedThreadPool(64);
    AtomicInteger next = new AtomicInteger();
    for (int i = 0; i < 64; i++) {
      pool.submit(
          () -> {
            for (int k = next.getAndIncrement(); k < times; k = next.getAndIncrement()) {
              ask(request.apply(k));
            }
          });
    }
    pool.shutdown();
    if (!pool.awaitTermination(5, TimeUnit.MINUTES)) {
      throw new IllegalStateException("the connections did not end");
    }
    return server.processorTime().minus(before);
  }

  private void ask(String request) {
    try (Socket socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      boolean told = answer.contains("\nRetry-After: ");
      outcomes.answered(
          Integer.parseInt(answer.substring(9, 12)),
          told ? java.util.Optional.of("1") : java.util.Optional.empty());
    } catch (IOException | RuntimeException e) {
      outcomes.count("lost: " + e);
    }
  }

  private void fleet() throws Exception {
    List<BenchCluster> tokens = site.added("agent", count);
    VirtualFleet fleet =
        VirtualFleet.builder(server.uri().toString())
            .threads(8)
            .options(options -> options.proxy(null).http2PriorKnowledge(true))
            .build();
    for (BenchCluster one : tokens) {
      fleet.add(VirtualClusterSpec.of(1, 5), one.token);
      if (fleet.clusters().size() % 100 == 0) {
        TimeUnit.MILLISECONDS.sleep(500);
      }
    }
    BenchFleet.await(
        "all enrolled", Duration.ofMinutes(10), () -> fleet.metrics().enrolled() >= count);
    TimeUnit.SECONDS.sleep(40);
    System.out.println("before the outage: " + fleet.metrics().errors());
    server.kill();
    TimeUnit.MILLISECONDS.sleep(OUTAGE.toMillis());
    Instant asked = Instant.now();
    server.spawn();
    server.awaitReady();
    watch(Instant.now(), asked);
    System.out.println("agents counted " + fleet.metrics().errors());
    fleet.kill();
  }

  private void watch(Instant up, Instant asked) throws Exception {
    System.out.println("the server was there after " + Duration.between(asked, up).toMillis());
    List<Long> beats = new ArrayList<>();
    long all = accepted();
    int back = -1;
    for (int second = 1; second <= LIMIT.toSeconds(); second++) {
      sleepUntil(up.plusSeconds(second));
      long now = accepted();
      beats.add(now - all);
      all = now;
      if (back < 0 && second % 3 == 0 && missing(up) == 0) {
        back = second;
      }
    }
    System.out.println("beats in each second: " + beats);
    report("until all were back", beats.subList(0, back < 0 ? beats.size() : back));
    report("after that", beats.subList(back < 0 ? 0 : back, beats.size()));
    System.out.println(back < 0 ? missing(up) + " never came" : "all back within " + back + " s");
  }

  private static void report(String when, List<Long> beats) {
    long[] each = beats.stream().mapToLong(Long::longValue).toArray();
    double mean = Arrays.stream(each).average().orElse(0);
    long most = Arrays.stream(each).max().orElse(0);
    System.out.printf(
        Locale.ROOT,
        "%s: mean %.1f, busiest second %d, %.2f times%n",
        when,
        mean,
        most,
        most / Math.max(1, mean));
  }

  private long missing(Instant up) {
    return BeatingFleet.pages(site.client, "/api/v1/clusters?q=agent-").stream()
        .filter(one -> !hasBeaten(one, up))
        .count();
  }

  private static boolean hasBeaten(Map<?, ?> cluster, Instant since) {
    Object at = cluster.get("lastHeartbeatAt");
    return at != null && Instant.parse(String.valueOf(at)).isAfter(since);
  }

  /** Heartbeats that the server accepted so far. */
  private long accepted() {
    String line = "niro_agent_requests_total{request=\"heartbeat\",outcome=\"ok\"} ";
    return site.client
        .once(Call.get("/metrics", ServerProcess.ADMIN_TOKEN))
        .map(PlainClient.Answer::body)
        .flatMap(text -> text.lines().filter(one -> one.startsWith(line)).findFirst())
        .map(one -> (long) Double.parseDouble(one.substring(line.length())))
        .orElse(0L);
  }

  private static void sleepUntil(Instant at) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(Math.max(0, Duration.between(Instant.now(), at).toMillis()));
  }
}
