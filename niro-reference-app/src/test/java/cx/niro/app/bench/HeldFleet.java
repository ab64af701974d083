package cx.niro.app.bench;

import cx.niro.agent.testkit.VirtualCluster;
import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.app.SystemTime;
import cx.niro.app.bench.Facts.Kind;
import cx.niro.app.bench.PlainClient.Answer;
import cx.niro.app.bench.PlainClient.Call;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Pod;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Simulated clusters with real agents, which know what they hold, and pings to them by way of
 * whichever server takes them.
 */
final class HeldFleet implements AutoCloseable {
  private static final String ADMIN = ServerProcess.ADMIN_TOKEN;
  private static final Duration PING_EVERY = Duration.ofMillis(250);
  private static final int WRONG_SHOWN = 5;

  /** One of them. */
  record Member(BenchCluster text, VirtualCluster cluster) {}

  private final PlainClient client;
  private final Facts facts;
  private final VirtualFleet fleet;
  private final List<Member> members = new ArrayList<>();
  private final AtomicInteger pings = new AtomicInteger();
  private volatile boolean closed;
  private Thread pinging;

  /**
   * @param facts where accepted pings are noted
   */
  HeldFleet(URI server, Facts facts, int size) {
    this.client = new PlainClient(server);
    this.facts = facts;
    fleet =
        VirtualFleet.builder(server.toString())
            .options(options -> options.proxy(null).http2PriorKnowledge(true))
            .build();
    for (int i = 0; i < size; i++) {
      members.add(add("held-" + i));
    }
    BenchFleet.await(
        "first beats of all",
        Duration.ofMinutes(3),
        () -> members.stream().allMatch(one -> one.cluster.acceptedAtNanos() > 0));
  }

  private Member add(String name) {
    BenchCluster text = new BenchCluster(name);
    text.token = BenchFleet.token(client, name);
    VirtualCluster cluster = fleet.add(VirtualClusterSpec.of(2, 12).withChurn(0.5), text.token);
    return new Member(text, cluster);
  }

  List<Member> members() {
    return members;
  }

  /** Sends pings from now on. */
  void begin() {
    members.forEach(one -> one.text.id = one.cluster.id().orElseThrow().value());
    pinging = SystemTime.daemons("pings").newThread(this::ping);
    pinging.start();
  }

  private void ping() {
    while (!closed) {
      int number = pings.getAndIncrement();
      BenchCluster to = members.get(number % members.size()).text;
      String key = to.name + "-ping-" + number;
      String body =
          "{\"kind\":\"ping\",\"payload\":{},\"deadlineSeconds\":300,\"idempotencyKey\":\"%s\"}"
              .formatted(key);
      client
          .untilAnswered(Call.post(to.path("/commands"), ADMIN, body), () -> closed)
          .filter(Answer::ok)
          .ifPresent(a -> facts.add(Kind.COMMAND_ACCEPTED, to, a.text("id"), key));
      SystemTime.sleep(PING_EVERY);
    }
  }

  /** No pings any more; what was accepted is still answered by the agents. */
  void end() throws InterruptedException {
    closed = true;
    pinging.join();
  }

  /** Accepted pings that have not succeeded, as one server tells. */
  List<String> unfinished(PlainClient server) {
    Map<String, String> states = new TreeMap<>();
    for (Member one : members) {
      BeatingFleet.pages(server, one.text.path("/commands"))
          .forEach(item -> states.put((String) item.get("id"), (String) item.get("state")));
    }
    return facts.all().stream()
        .filter(fact -> fact.kind() == Kind.COMMAND_ACCEPTED && fact.value().contains("-ping-"))
        .filter(fact -> !"succeeded".equals(states.get(fact.subject())))
        .map(fact -> fact + ": " + states.get(fact.subject()))
        .toList();
  }

  /** How what a server shows of their nodes and pods differs from what they hold; best empty. */
  List<String> differences(PlainClient server) {
    List<String> all = new ArrayList<>();
    for (Member one : members) {
      Set<String> held = new HashSet<>();
      one.cluster.held().nodes().forEach(node -> held.add(text(node)));
      one.cluster.held().pods().forEach(pod -> held.add(text(pod)));
      List<String> shown = new ArrayList<>();
      BeatingFleet.pages(server, one.text.path("/nodes")).forEach(item -> shown.add(node(item)));
      BeatingFleet.pages(server, one.text.path("/pods")).forEach(item -> shown.add(pod(item)));
      compare(one.text.name, held, shown, all);
    }
    return all;
  }

  private static void compare(
      String name, Set<String> held, List<String> shown, List<String> differences) {
    Set<String> once = new HashSet<>();
    shown.stream()
        .filter(object -> !once.add(object))
        .forEach(object -> differences.add(name + " doubled " + object));
    held.stream()
        .filter(object -> !once.contains(object))
        .limit(WRONG_SHOWN)
        .forEach(object -> differences.add(name + " missing " + object));
    once.stream()
        .filter(object -> !held.contains(object))
        .limit(WRONG_SHOWN)
        .forEach(object -> differences.add(name + " is gone " + object));
  }

  private static String text(Node node) {
    return "node " + node.meta().uid() + " " + node.meta().name();
  }

  private static String node(Map<?, ?> item) {
    return "node " + item.get("uid") + " " + item.get("name");
  }

  private static String text(Pod pod) {
    return "pod %s %s/%s on %s"
        .formatted(pod.meta().uid(), pod.meta().namespace(), pod.meta().name(), pod.nodeName());
  }

  private static String pod(Map<?, ?> item) {
    return "pod %s %s/%s on %s"
        .formatted(item.get("uid"), item.get("namespace"), item.get("name"), item.get("node"));
  }

  @Override
  public void close() {
    closed = true;
    fleet.kill();
  }
}
