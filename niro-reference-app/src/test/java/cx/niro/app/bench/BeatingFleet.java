package cx.niro.app.bench;

import cx.niro.app.Json;
import cx.niro.app.access.Access;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import cx.niro.core.Environment;
import cx.niro.core.protocol.EnrollReply;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.server.Clusters;
import cx.niro.server.NiroServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Many clusters that send plain beats over HTTP, spread over the interval, until they are told not
 * to.
 */
final class BeatingFleet {
  private static final int THREADS = 8;

  private final List<Member> members = new ArrayList<>();
  private final Duration interval;
  final AtomicInteger refused = new AtomicInteger();
  private volatile boolean beating;

  /** A cluster and what it sent. */
  static final class Member {
    final String id;
    private final String key;
    private final BenchCluster text;
    private boolean known;
    volatile long lastBeatMillis;

    private Member(String id, String key) {
      this.id = id;
      this.key = key;
      this.text = new BenchCluster(id);
    }
  }

  BeatingFleet(Duration interval) {
    this.interval = interval;
  }

  List<Member> members() {
    return members;
  }

  /** Enrolls them straight through the library, in a data folder that a server opens later. */
  void enroll(Path folder, int count, ServerSettings settings) throws Exception {
    try (RunningServer server = RunningServer.start(settings)) {
      ExecutorService pool = Executors.newFixedThreadPool(THREADS);
      List<Future<Member>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        all.add(pool.submit(() -> enroll(server.niro(), number)));
      }
      for (Future<Member> one : all) {
        members.add(one.get());
      }
      pool.shutdown();
    }
  }

  private static Member enroll(NiroServer niro, int number) {
    String name = "c-%05d".formatted(number);
    Clusters.NewCluster made =
        niro.clusters()
            .create(
                Access.ORGANIZATION,
                new Clusters.ClusterSpec(name, Environment.PRODUCTION, Map.of()),
                "bench");
    EnrollReply reply =
        niro.gateway()
            .enroll(
                new EnrollRequest(
                    made.enrollment().token(),
                    "request-of-cluster-number-" + name,
                    "uid-of-" + name,
                    "v1.34.1+k3s1",
                    "k3s",
                    "0.1.0",
                    List.of(1),
                    List.of()));
    return new Member(made.id().value(), reply.agentKey());
  }

  /** Lets each of them beat once, as fast as it goes; how long that took. */
  Duration beatOnce(PlainClient client) throws Exception {
    long start = System.nanoTime();
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    AtomicInteger next = new AtomicInteger();
    for (int i = 0; i < THREADS; i++) {
      pool.submit(
          () -> {
            for (int k = next.getAndIncrement(); k < members.size(); k = next.getAndIncrement()) {
              beat(client, members.get(k));
            }
          });
    }
    pool.shutdown();
    if (!pool.awaitTermination(20, TimeUnit.MINUTES)) {
      throw new IllegalStateException("the fleet did not get through");
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Each beats once an interval from now on, on threads of its own. */
  void begin(PlainClient client) {
    beating = true;
    for (int i = 0; i < THREADS; i++) {
      int first = i;
      Thread thread = new Thread(() -> beat(client, first), "beats-" + i);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void beat(PlainClient client, int first) {
    long start = System.nanoTime();
    for (long turn = 0; beating; turn++) {
      for (int k = first; k < members.size() && beating; k += THREADS) {
        double share = turn + (double) k / members.size();
        long due = start + (long) (share * interval.toNanos());
        LockSupport.parkNanos(due - System.nanoTime());
        if (beating) {
          beat(client, members.get(k));
        }
      }
    }
  }

  /** All of them at once, as when a line is cut. */
  void fallSilent() {
    beating = false;
  }

  private void beat(PlainClient client, Member member) {
    long now = System.currentTimeMillis();
    member.text.sequence++;
    String body = member.known ? unchanged(member, now) : full(member, now);
    PlainClient.Call call = new PlainClient.Call("POST", "/agent/v1/heartbeat", member.key, body);
    boolean taken = client.once(call).filter(PlainClient.Answer::ok).isPresent();
    if (taken) {
      member.known = true;
      member.lastBeatMillis = System.currentTimeMillis();
    } else {
      refused.incrementAndGet();
    }
  }

  private String timing(long now) {
    return "{\"sentAt\":%d,\"intervalMillis\":%d}".formatted(now, interval.toMillis());
  }

  private String unchanged(Member member, long now) {
    return """
    {"bootId":"%s","sequence":%d,"timing":%s,"content":{"form":"unchanged","revision":1}}\
    """
        .formatted(member.text.bootId(), member.text.sequence, timing(now));
  }

  /** One node and four pods that are well. */
  private String full(Member member, long now) {
    String[] pods = new String[4];
    Arrays.setAll(pods, i -> pod(member.id, i));
    String node =
        """
        {"meta":{"uid":"%s-n","name":"server-0","createdAt":1767000000000},
         "conditions":[{"type":"Ready","status":"True","lastTransitionAt":1767000000000}]}\
        """
            .formatted(member.id);
    return """
    {"bootId":"%s","sequence":%d,"timing":%s,"content":{"form":"full","revision":1,"snapshot":{
      "info":{"agentVersion":"0.1.0","kubernetesVersion":"v1.34.1+k3s1","distribution":"k3s"},
      "sections":{"nodes":{"state":"complete"},"pods":{"state":"complete"}},
      "objects":{"nodes":[%s],"pods":[%s]}}}}\
    """
        .formatted(
            member.text.bootId(), member.text.sequence, timing(now), node, String.join(",", pods));
  }

  private static String pod(String cluster, int i) {
    return """
    {"meta":{"uid":"%s-p-%d","namespace":"shop","name":"web-%d","createdAt":1767000000000},
     "nodeName":"server-0","status":{"phase":"Running",
     "conditions":[{"type":"Ready","status":"True","lastTransitionAt":1767000000000}],
     "containers":[{"name":"app","ready":true,"restartCount":0,"running":{}}]}}\
    """
        .formatted(cluster, i, i);
  }

  /** What a server says of them, page by page. */
  static List<Map<?, ?>> pages(PlainClient client, String path) {
    List<Map<?, ?>> all = new ArrayList<>();
    String cursor = "";
    do {
      String next = path + (path.contains("?") ? "&" : "?") + "limit=1000" + cursor;
      PlainClient.Answer page =
          client
              .untilAnswered(PlainClient.Call.get(next, ServerProcess.ADMIN_TOKEN), () -> false)
              .orElseThrow();
      all.addAll(page.items("items"));
      Object after = ((Map<?, ?>) Json.parse(page.body())).get("nextCursor");
      cursor = after == null ? "" : "&cursor=" + after;
    } while (!cursor.isEmpty());
    return all;
  }
}
