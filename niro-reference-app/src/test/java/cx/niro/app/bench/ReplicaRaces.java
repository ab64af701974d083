package cx.niro.app.bench;

import cx.niro.app.SystemTime;
import cx.niro.app.bench.PlainClient.Answer;
import cx.niro.app.bench.PlainClient.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Lets servers over one database be asked for contradicting things at the same moment. */
final class ReplicaRaces implements AutoCloseable {
  private static final String ADMIN = ServerProcess.ADMIN_TOKEN;
  private static final int WAIT_SECONDS = 12;
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final List<PlainClient> servers;
  private final SplittableRandom random;
  private final RaceReport report;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private int names;

  ReplicaRaces(List<PlainClient> servers, long seed, RaceReport report) {
    this.servers = servers;
    this.random = new SplittableRandom(seed);
    this.report = report;
  }

  /** Each race so many times, on clusters of their own. */
  void run(int times) {
    for (int i = 0; i < times; i++) {
      token();
      lostResponse();
      command();
      cancel();
      delete();
    }
    checkFailures();
  }

  // ---------------------------------------------------------------- the races

  /** Of exchanges with different request ids one wins, on any number of servers. */
  private void token() {
    BenchCluster cluster = created();
    List<Answer> answers =
        together(
            i ->
                Call.post(
                    "/agent/v1/enroll",
                    "",
                    Bodies.enroll(cluster, cluster.requestId() + "-of-racer-" + i)));
    long winners = answers.stream().filter(Answer::ok).count();
    boolean told = answers.stream().allMatch(a -> a.ok() || isRefusal(a));
    report.check("token", winners == 1 && told, () -> winners + " won: " + answers);
  }

  private static boolean isRefusal(Answer answer) {
    return answer.status() == 409 && answer.text("code").equals("token_used");
  }

  /** All keys of repeats are good until one is used; then the others are dead everywhere. */
  private void lostResponse() {
    BenchCluster cluster = created();
    Call exchange = Call.post("/agent/v1/enroll", "", Bodies.enroll(cluster, cluster.requestId()));
    List<Answer> answers = together(i -> exchange);
    report.check("lost response", answers.stream().allMatch(Answer::ok), answers::toString);
    List<String> keys = answers.stream().map(a -> a.text("agentKey")).distinct().toList();
    report.check("lost response", keys.size() == servers.size(), () -> "keys " + keys.size());
    String used = keys.get(random.nextInt(keys.size()));
    cluster.key = used;
    beat(any(), cluster);
    long start = System.nanoTime();
    for (PlainClient server : servers) {
      report.check("lost response", poll(server, cluster, 0).ok(), () -> "the key does not work");
      keys.stream()
          .filter(key -> !key.equals(used))
          .forEach(key -> awaitDead("lost response: other keys dead", server, cluster, key, start));
    }
  }

  /** A command sent to one server reaches a poll that is parked at another. */
  private void command() {
    BenchCluster cluster = enrolled();
    CompletableFuture<Answer> parked = later(() -> poll(any(), cluster, WAIT_SECONDS));
    SystemTime.sleep(Duration.ofMillis(random.nextInt(300)));
    long start = System.nanoTime();
    String id = send(any(), cluster).text("id");
    Answer polled = parked.join();
    report.took("command sent → parked poll answered", System.nanoTime() - start);
    List<Map<?, ?>> offers = polled.items("commands");
    report.check(
        "command",
        offers.size() == 1 && id.equals(offers.get(0).get("id")),
        () -> "sent " + id + " but polled " + polled);
    String result = Bodies.result(cluster, 1, "succeeded");
    List<Answer> results =
        together(i -> Call.post("/agent/v1/commands/" + id + "/result", cluster.key, result));
    report.check("command", results.stream().allMatch(Answer::ok), results::toString);
    sameEverywhere("command", cluster, id, "succeeded");
    Answer timeline =
        answer(any(), Call.get(cluster.path("/timeline?kind=command_finished"), ADMIN));
    report.check("command", timeline.items("items").size() == 1, timeline::toString);
  }

  /** A command is cancelled, or was offered before; then its agent is told to cancel it. */
  private void cancel() {
    BenchCluster cluster = enrolled();
    String id = send(any(), cluster).text("id");
    CompletableFuture<Answer> polling = later(() -> poll(any(), cluster, 0));
    Call cancel = new Call("DELETE", cluster.path("/commands/" + id), ADMIN, "");
    Answer cancelled = answer(any(), cancel);
    boolean offered = !polling.join().items("commands").isEmpty();
    boolean ended = cancelled.text("state").equals("cancelled");
    report.check("cancel", cancelled.ok(), cancelled::toString);
    report.check("cancel", ended != offered, () -> cancelled + " but offered " + offered);
    if (offered) {
      long start = System.nanoTime();
      Answer told =
          poll(
              any(),
              cluster,
              WAIT_SECONDS,
              "{\"id\":\"%s\",\"state\":\"running\",\"attempt\":1}".formatted(id));
      report.took("cancelled → agent told by its next poll", System.nanoTime() - start);
      report.check("cancel", told.body().contains(id), told::toString);
      String result = Bodies.result(cluster, 1, "cancelled");
      answer(any(), Call.post("/agent/v1/commands/" + id + "/result", cluster.key, result));
    }
    sameEverywhere("cancel", cluster, id, "cancelled");
  }

  /** A parked poll ends, and the key is dead everywhere, soon after a deletion anywhere. */
  private void delete() {
    BenchCluster cluster = enrolled();
    CompletableFuture<Answer> parked = later(() -> poll(any(), cluster, WAIT_SECONDS));
    SystemTime.sleep(Duration.ofMillis(random.nextInt(300)));
    long start = System.nanoTime();
    Call deletion = new Call("DELETE", cluster.path("?confirm=" + cluster.name), ADMIN, "");
    List<Answer> answers = together(i -> deletion);
    report.check(
        "deletion",
        answers.stream().anyMatch(Answer::ok)
            && answers.stream().allMatch(a -> a.ok() || a.status() == 404),
        answers::toString);
    Answer ended = parked.join();
    report.took("deleted → parked poll ended", System.nanoTime() - start);
    report.check(
        "deletion",
        ended.status() == 401 && ended.text("code").equals("key_revoked"),
        ended::toString);
    for (PlainClient server : servers) {
      awaitDead("deleted → key dead everywhere", server, cluster, cluster.key, start);
      awaitGone(server, cluster, start);
    }
  }

  // ---------------------------------------------------------------- what they are made of

  private BenchCluster created() {
    BenchCluster cluster = new BenchCluster("race-" + names++);
    Answer made =
        answer(any(), Call.post("/api/v1/clusters", ADMIN, "{\"name\":\"" + cluster.name + "\"}"));
    cluster.id = made.text("cluster", "id");
    cluster.token = made.text("enrollment", "token");
    return cluster;
  }

  private BenchCluster enrolled() {
    BenchCluster cluster = created();
    Call exchange = Call.post("/agent/v1/enroll", "", Bodies.enroll(cluster, cluster.requestId()));
    cluster.key = answer(any(), exchange).text("agentKey");
    beat(any(), cluster);
    return cluster;
  }

  private void beat(PlainClient server, BenchCluster cluster) {
    cluster.sequence++;
    String body = Bodies.beat(cluster, SystemTime.CLOCK.millis());
    Answer taken = answer(server, Call.post("/agent/v1/heartbeat", cluster.key, body));
    report.check("beat", taken.ok(), taken::toString);
  }

  /** What the agent can do is known to other servers a moment after its first beat. */
  private Answer send(PlainClient server, BenchCluster cluster) {
    Call call = Call.post(cluster.path("/commands"), ADMIN, Bodies.command(cluster.name));
    long start = System.nanoTime();
    Answer sent = answer(server, call);
    while (sent.text("code").equals("capability_missing")
        && System.nanoTime() - start < LONGEST.toNanos()) {
      SystemTime.sleep(LOOK);
      sent = answer(server, call);
    }
    report.took("first beat → its capability known elsewhere", System.nanoTime() - start);
    Answer last = sent;
    report.check("command", last.ok(), last::toString);
    return last;
  }

  private static Answer poll(PlainClient server, BenchCluster cluster, int seconds) {
    return poll(server, cluster, seconds, "");
  }

  private static Answer poll(
      PlainClient server, BenchCluster cluster, int seconds, String holding) {
    String body =
        "{\"bootId\":\"%s\",\"waitSeconds\":%d,\"slots\":4,\"holding\":[%s]}"
            .formatted(cluster.bootId(), seconds, holding);
    return answer(server, Call.post("/agent/v1/poll", cluster.key, body));
  }

  private void awaitDead(
      String what, PlainClient server, BenchCluster cluster, String key, long start) {
    Call call = Call.post("/agent/v1/poll", key, Bodies.poll(cluster, 0));
    Answer last = answer(server, call);
    while (last.status() != 401 && System.nanoTime() - start < LONGEST.toNanos()) {
      SystemTime.sleep(LOOK);
      last = answer(server, call);
    }
    Answer found = last;
    report.check(what, found.status() == 401, found::toString);
    report.took(what, System.nanoTime() - start);
  }

  private void awaitGone(PlainClient server, BenchCluster cluster, long start) {
    Call call = Call.get(cluster.path(""), ADMIN);
    Answer last = answer(server, call);
    while (last.status() != 404 && System.nanoTime() - start < LONGEST.toNanos()) {
      SystemTime.sleep(LOOK);
      last = answer(server, call);
    }
    Answer found = last;
    report.check("deletion", found.status() == 404, found::toString);
    report.took("deleted → not shown anywhere", System.nanoTime() - start);
  }

  private void sameEverywhere(String what, BenchCluster cluster, String command, String state) {
    for (PlainClient server : servers) {
      Answer shown = answer(server, Call.get(cluster.path("/commands/" + command), ADMIN));
      report.check(what, shown.text("state").equals(state), shown::toString);
    }
  }

  private PlainClient any() {
    return servers.get(random.nextInt(servers.size()));
  }

  private interface Numbered {
    Call call(int number);
  }

  /** One call to each server, at once. */
  private List<Answer> together(Numbered calls) {
    List<CompletableFuture<Answer>> all = new ArrayList<>();
    for (int i = 0; i < servers.size(); i++) {
      PlainClient server = servers.get(i);
      Call call = calls.call(i);
      all.add(later(() -> answer(server, call)));
    }
    return all.stream().map(CompletableFuture::join).toList();
  }

  private CompletableFuture<Answer> later(Supplier<Answer> call) {
    return CompletableFuture.supplyAsync(call, threads);
  }

  private static Answer answer(PlainClient server, Call call) {
    long end = System.nanoTime() + LONGEST.toNanos();
    return server
        .untilAnswered(call, () -> System.nanoTime() - end > 0)
        .orElseThrow(() -> new IllegalStateException("no answer: " + call));
  }

  /** No answer of a server may say that it broke. */
  private void checkFailures() {
    servers.forEach(
        server ->
            report.check(
                "5xx",
                server.failures.keySet().stream().allMatch(s -> s == 503),
                () -> server.failures.toString()));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
