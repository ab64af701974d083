package cx.niro.app.bench;

import cx.niro.app.bench.Facts.Fact;
import cx.niro.app.bench.Facts.Kind;
import cx.niro.app.bench.PlainClient.Answer;
import cx.niro.app.bench.PlainClient.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Asks the server for everything that it acknowledged. May run while workers go on: what they add
 * meanwhile is not asked for, and a cluster that they delete meanwhile is left out.
 */
final class FactCheck {
  private static final String ADMIN = ServerProcess.ADMIN_TOKEN;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final PlainClient client;
  private final Facts facts;
  private final Set<Fact> missing = ConcurrentHashMap.newKeySet();

  FactCheck(PlainClient client, Facts facts) {
    this.client = client;
    this.facts = facts;
  }

  Set<Fact> missing() {
    return missing;
  }

  /** What one cluster is like, as far as the REST API tells. */
  private record Found(
      int setting,
      Map<String, Map<?, ?>> commands,
      Map<String, Map<?, ?>> incidents,
      Set<String> finished) {}

  /** Checks all facts about these clusters. */
  void check(Collection<BenchCluster> clusters) {
    Map<BenchCluster, List<Fact>> byCluster =
        facts.all().stream().collect(Collectors.groupingBy(Fact::cluster));
    clusters.parallelStream().forEach(one -> check(one, byCluster.getOrDefault(one, List.of())));
  }

  private void check(BenchCluster cluster, List<Fact> known) {
    boolean deleted = known.stream().anyMatch(fact -> fact.kind() == Kind.CLUSTER_DELETED);
    if (cluster.id.isEmpty() || (cluster.deleting && !deleted)) {
      return;
    }
    Answer answer = get(cluster.path(""));
    if (deleted) {
      known.stream()
          .filter(fact -> fact.kind() == Kind.CLUSTER_DELETED && answer.status() != 404)
          .forEach(missing::add);
      return;
    }
    List<Fact> lost = new ArrayList<>();
    if (answer.ok()) {
      Found found = look(cluster, answer);
      known.stream().filter(fact -> !isThere(fact, found)).forEach(lost::add);
    } else {
      lost.addAll(known);
    }
    if (!cluster.deleting) {
      missing.addAll(lost);
    }
  }

  private Found look(BenchCluster cluster, Answer answer) {
    String setting = answer.text("labels", "bench");
    List<Map<?, ?>> commands = pages(cluster.path("/commands?limit=1000"));
    List<Map<?, ?>> incidents = pages(cluster.path("/incidents?limit=1000"));
    List<Map<?, ?>> timeline = pages(cluster.path("/timeline?limit=1000"));
    once(cluster, "command key", commands, item -> item.get("idempotencyKey"));
    once(
        cluster,
        "open incident",
        incidents.stream().filter(item -> item.get("state").equals("firing")).toList(),
        item -> item.get("type") + " " + item.get("scope"));
    once(cluster, "timeline", timeline, FactCheck::oneTime);
    return new Found(
        setting.isEmpty() ? 0 : Integer.parseInt(setting),
        byId(commands),
        byId(incidents),
        timeline.stream()
            .filter(item -> item.get("kind").equals("command_finished"))
            .map(item -> detail(item, "command"))
            .collect(Collectors.toSet()));
  }

  /** What names an entry that may be there once; null for one that may come again. */
  private static Object oneTime(Map<?, ?> entry) {
    return switch (String.valueOf(entry.get("kind"))) {
      case "enrolled" -> "enrolled";
      case "command_sent", "command_finished" -> entry.get("kind") + " " + detail(entry, "command");
      case "incident_opened", "incident_resolved" ->
          entry.get("kind") + " " + detail(entry, "incident");
      default -> null;
    };
  }

  private static String detail(Map<?, ?> entry, String name) {
    return String.valueOf(((Map<?, ?>) entry.get("details")).get(name));
  }

  private boolean isThere(Fact fact, Found found) {
    Map<?, ?> command = found.commands.get(fact.subject());
    return switch (fact.kind()) {
      case CLUSTER_CREATED -> true;
      case TOKEN_USED -> isUsed(fact.cluster());
      case KEY_WORKS -> {
        String poll = Bodies.poll(fact.cluster(), 0);
        yield send(Call.post("/agent/v1/poll", fact.cluster().key, poll)).ok();
      }
      case SETTINGS_CHANGED -> found.setting >= Integer.parseInt(fact.value());
      case COMMAND_ACCEPTED ->
          command != null && fact.value().equals(command.get("idempotencyKey"));
      case RESULT_ACCEPTED ->
          command != null
              && fact.value().equals(command.get("state"))
              && found.finished.contains(fact.subject());
      case INCIDENT_SEEN -> {
        Map<?, ?> incident = found.incidents.get(fact.subject());
        yield incident != null
            && fact.value().equals(incident.get("type") + " " + incident.get("scope"));
      }
      case CLUSTER_DELETED -> false;
    };
  }

  /** Whether somebody else is refused; if not, the token worked twice. */
  private boolean isUsed(BenchCluster cluster) {
    String body = Bodies.enroll(cluster, ClusterSteps.intruder(cluster));
    if (send(Call.post("/agent/v1/enroll", "", body)).ok()) {
      facts.doubled("token of " + cluster.name);
      return false;
    }
    return true;
  }

  private static Map<String, Map<?, ?>> byId(List<Map<?, ?>> items) {
    Map<String, Map<?, ?>> byId = new HashMap<>();
    items.forEach(item -> byId.put((String) item.get("id"), item));
    return byId;
  }

  private void once(
      BenchCluster cluster,
      String what,
      List<Map<?, ?>> items,
      java.util.function.Function<Map<?, ?>, Object> key) {
    items.stream()
        .map(key)
        .filter(java.util.Objects::nonNull)
        .collect(Collectors.groupingBy(one -> one, Collectors.counting()))
        .forEach(
            (one, count) -> {
              if (count > 1) {
                facts.doubled(what + " " + one + " of " + cluster.name + ": " + count);
              }
            });
  }

  /** Every name that was ever asked for is there at most once. */
  void checkNames() {
    pages("/api/v1/clusters?limit=1000").stream()
        .collect(Collectors.groupingBy(item -> item.get("name"), Collectors.counting()))
        .forEach(
            (name, count) -> {
              if (count > 1) {
                facts.doubled("cluster " + name + ": " + count);
              }
            });
  }

  private List<Map<?, ?>> pages(String path) {
    List<Map<?, ?>> all = new ArrayList<>();
    String cursor = "";
    do {
      Answer page = get(path + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
      if (!page.ok()) {
        return all;
      }
      all.addAll(page.items("items"));
      cursor = page.text("nextCursor");
    } while (!cursor.isEmpty());
    return all;
  }

  private Answer get(String path) {
    return send(Call.get(path, ADMIN));
  }

  private Answer send(Call call) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    return client
        .untilAnswered(call, () -> System.nanoTime() - end > 0)
        .orElseThrow(() -> new IllegalStateException("no answer to " + call));
  }
}
