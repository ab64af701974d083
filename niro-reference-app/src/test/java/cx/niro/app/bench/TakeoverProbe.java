package cx.niro.app.bench;

import cx.niro.app.SystemTime;
import cx.niro.app.bench.PlainClient.Answer;
import cx.niro.app.bench.PlainClient.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How late work is that time brings about: commands to a cluster that asks for none end at their
 * deadline, whatever has become of the server that took them.
 */
final class TakeoverProbe implements AutoCloseable {
  private static final String ADMIN = ServerProcess.ADMIN_TOKEN;
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(300);
  private static final int LOOKS_A_COMMAND = 4;
  private static final Set<String> OPEN = Set.of("pending", "offered", "delivered", "running");

  private final PlainClient client;
  private final BenchCluster cluster = new BenchCluster("takeover");
  private final Map<String, Long> due = new HashMap<>();
  private final List<Double> late = new ArrayList<>();
  private final Thread thread = SystemTime.daemons("takeover").newThread(this::run);
  private volatile boolean closed;

  TakeoverProbe(PlainClient client) {
    this.client = client;
    cluster.token = BenchFleet.token(client, cluster.name);
    Answer enrolled = send("", "/agent/v1/enroll", Bodies.enroll(cluster, cluster.requestId()));
    cluster.id = enrolled.text("clusterId");
    cluster.key = enrolled.text("agentKey");
    cluster.sequence = 1;
    send(cluster.key, "/agent/v1/heartbeat", Bodies.beat(cluster, SystemTime.CLOCK.millis()));
    thread.start();
  }

  private Answer send(String bearer, String path, String body) {
    Answer answer = client.untilAnswered(Call.post(path, bearer, body), () -> false).orElseThrow();
    if (!answer.ok()) {
      throw new IllegalStateException(path + " " + answer);
    }
    return answer;
  }

  private void run() {
    for (int i = 0; !closed; i++) {
      if (i % LOOKS_A_COMMAND == 0) {
        command("takeover-" + i);
      }
      look();
      SystemTime.sleep(LOOK);
    }
  }

  private void command(String key) {
    String body =
        "{\"kind\":\"bench.note\",\"payload\":{},\"deadlineSeconds\":%d,\"idempotencyKey\":\"%s\"}"
            .formatted(DEADLINE.toSeconds(), key);
    client
        .once(Call.post(cluster.path("/commands"), ADMIN, body))
        .filter(Answer::ok)
        .ifPresent(a -> due.put(a.text("id"), System.nanoTime() + DEADLINE.toNanos()));
  }

  private synchronized void look() {
    client
        .once(Call.get(cluster.path("/commands?limit=1000"), ADMIN))
        .filter(Answer::ok)
        .ifPresent(answer -> answer.items("items").forEach(this::see));
  }

  private void see(Map<?, ?> command) {
    Long when = OPEN.contains((String) command.get("state")) ? null : due.remove(command.get("id"));
    if (when != null) {
      late.add((System.nanoTime() - when) / 1e9);
    }
  }

  /** Those that have ended: how many seconds after their deadline that was seen. */
  synchronized List<Double> late() {
    return List.copyOf(late);
  }

  /** No more commands; looks on until all have ended, at most for {@code patience}. */
  void end(Duration patience) throws InterruptedException {
    closed = true;
    thread.join();
    long end = System.nanoTime() + patience.toNanos();
    while (!due.isEmpty() && System.nanoTime() < end) {
      look();
      SystemTime.sleep(LOOK);
    }
  }

  /** How many never ended. */
  int unended() {
    return due.size();
  }

  @Override
  public void close() {
    closed = true;
  }
}
