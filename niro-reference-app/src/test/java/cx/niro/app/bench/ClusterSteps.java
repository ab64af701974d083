package cx.niro.app.bench;

import cx.niro.app.bench.Facts.Kind;
import cx.niro.app.bench.PlainClient.Answer;
import cx.niro.app.bench.PlainClient.Call;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * What a client does to one cluster. A request that is not answered is sent again as it is until it
 * is; what was acknowledged becomes a fact.
 */
final class ClusterSteps {
  private static final String ADMIN = ServerProcess.ADMIN_TOKEN;
  private static final int SLOTS = 8;
  private static final int MOST_SICK = 12;

  private final PlainClient client;
  private final Facts facts;
  private final Map<String, LongAdder> refusals;
  private final RandomGenerator random;
  private final BooleanSupplier stopped;
  private final InstantSource clock = InstantSource.system();

  ClusterSteps(
      PlainClient client, Facts facts, Map<String, LongAdder> refusals, Worker.Course course) {
    this.client = client;
    this.facts = facts;
    this.refusals = refusals;
    this.random = course.random();
    this.stopped = course.stopped();
  }

  /** Empty when the loop is over, or when the server refused; the refusal is counted. */
  private Optional<Answer> send(String what, BenchCluster cluster, Call call) {
    Optional<Answer> answer = client.untilAnswered(call, stopped);
    answer
        .filter(a -> !a.ok())
        .ifPresent(
            a -> {
              String problem = what + " " + a.status() + " " + a.text("code");
              refusals.computeIfAbsent(problem, key -> new LongAdder()).increment();
              if (isImpossible(a)) {
                cluster.broken = true;
                facts.wrong(problem + " for " + cluster.name);
              }
            });
    return answer.filter(Answer::ok);
  }

  /** A cluster that is there, with a key that works, is never unknown; the check counts it. */
  private static boolean isImpossible(Answer answer) {
    return answer.status() == 404 || answer.status() == 401;
  }

  void create(BenchCluster cluster) {
    String body = "{\"name\":\"" + cluster.name + "\"}";
    Optional<Answer> made = send("create", cluster, Call.post("/api/v1/clusters", ADMIN, body));
    if (made.isPresent()) {
      cluster.id = made.get().text("cluster", "id");
      cluster.token = made.get().text("enrollment", "token");
    } else if (!stopped.getAsBoolean()) {
      findAgain(cluster);
    }
    if (!cluster.id.isEmpty()) {
      facts.add(Kind.CLUSTER_CREATED, cluster, cluster.id, cluster.name);
    }
  }

  /** It was made by a request whose answer was lost: its name is taken, its token unknown. */
  private void findAgain(BenchCluster cluster) {
    String path = "/api/v1/clusters?q=" + cluster.name;
    Optional<Answer> found = send("find", cluster, Call.get(path, ADMIN));
    for (Map<?, ?> item : found.map(a -> a.items("items")).orElseThrow()) {
      if (item.get("name").equals(cluster.name)) {
        cluster.id = String.valueOf(item.get("id"));
      }
    }
    Call again = Call.post(cluster.path("/enrollment"), ADMIN, "{}");
    send("new token", cluster, again).ifPresent(a -> cluster.token = a.text("token"));
  }

  void enroll(BenchCluster cluster) {
    Call exchange = Call.post("/agent/v1/enroll", "", Bodies.enroll(cluster, cluster.requestId()));
    send("enroll", cluster, exchange)
        .ifPresent(
            answer -> {
              cluster.key = answer.text("agentKey");
              facts.add(Kind.TOKEN_USED, cluster, cluster.id, "");
            });
    if (!cluster.key.isEmpty()) {
      beat(cluster);
    }
  }

  /** A beat that was not accepted is sent as it was the next time. */
  void beat(BenchCluster cluster) {
    if (cluster.beat.isEmpty()) {
      cluster.sequence++;
      cluster.sickWorkloads = Math.min(MOST_SICK, cluster.sickWorkloads + random.nextInt(2));
      cluster.beat = Bodies.beat(cluster, clock.millis());
    }
    Call call = Call.post("/agent/v1/heartbeat", cluster.key, cluster.beat);
    long sent = System.nanoTime();
    if (send("beat", cluster, call).isPresent()) {
      // Servers count from when they received it, and may be slow to answer.
      cluster.acceptedAtNanos = sent;
      cluster.beat = "";
      if (!cluster.keyWorks) {
        cluster.keyWorks = true;
        facts.add(Kind.KEY_WORKS, cluster, cluster.id, "");
      }
    }
  }

  void command(BenchCluster cluster) {
    String key = cluster.name + "-" + cluster.commands++;
    Call call = Call.post(cluster.path("/commands"), ADMIN, Bodies.command(key));
    send("command", cluster, call)
        .ifPresent(a -> facts.add(Kind.COMMAND_ACCEPTED, cluster, a.text("id"), key));
  }

  void poll(BenchCluster cluster) {
    Call call = Call.post("/agent/v1/poll", cluster.key, Bodies.poll(cluster, SLOTS));
    for (Map<?, ?> offer :
        send("poll", cluster, call).map(a -> a.items("commands")).orElse(List.of())) {
      cluster.offers.add(Map.entry((String) offer.get("id"), (Long) offer.get("attempt")));
    }
  }

  void result(BenchCluster cluster) {
    Map.Entry<String, Long> offer = cluster.offers.remove();
    String id = offer.getKey();
    String state =
        cluster.results.computeIfAbsent(
            id, unanswered -> random.nextBoolean() ? "succeeded" : "failed");
    Call call =
        Call.post(
            "/agent/v1/commands/" + id + "/result",
            cluster.key,
            Bodies.result(cluster, offer.getValue(), state));
    send("result", cluster, call)
        .ifPresent(a -> facts.add(Kind.RESULT_ACCEPTED, cluster, id, a.text("state")));
  }

  void change(BenchCluster cluster) {
    int next = cluster.setting + 1;
    Call call = new Call("PATCH", cluster.path(""), ADMIN, Bodies.settings(next));
    if (send("change", cluster, call).isPresent()) {
      cluster.setting = next;
      facts.add(Kind.SETTINGS_CHANGED, cluster, "bench", String.valueOf(next));
    }
  }

  void look(BenchCluster cluster) {
    Call call = Call.get(cluster.path("/incidents?state=firing&limit=1000"), ADMIN);
    for (Map<?, ?> incident :
        send("look", cluster, call).map(a -> a.items("items")).orElse(List.of())) {
      String id = String.valueOf(incident.get("id"));
      String what = incident.get("type") + " " + incident.get("scope");
      if (cluster.seenIncidents.put(id, what) == null) {
        facts.add(Kind.INCIDENT_SEEN, cluster, id, what);
      }
    }
  }

  /** Somebody else tries the used token: refused, and an incident opens at once. */
  void contest(BenchCluster cluster) {
    Call call = Call.post("/agent/v1/enroll", "", Bodies.enroll(cluster, intruder(cluster)));
    Optional<Answer> answer = client.untilAnswered(call, stopped);
    answer.filter(Answer::ok).ifPresent(a -> facts.doubled("token of " + cluster.name));
  }

  static String intruder(BenchCluster cluster) {
    return "intruder-of-" + cluster.name + "-0123456789abcdef";
  }

  void delete(BenchCluster cluster) {
    cluster.deleting = true;
    Call call = new Call("DELETE", cluster.path("?confirm=" + cluster.name), ADMIN, "");
    Optional<Answer> answer = client.untilAnswered(call, stopped);
    // A repeat finds it gone when only the answer was lost.
    answer
        .filter(a -> a.ok() || a.status() == 404)
        .ifPresent(a -> facts.add(Kind.CLUSTER_DELETED, cluster, cluster.id, ""));
  }
}
