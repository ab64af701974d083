package cx.niro.core.incident.rules;

import cx.niro.core.incident.RuleInput;
import cx.niro.core.snapshot.ClusterInfo.ApiHealth;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When each node was last disturbed in a way that restarts containers without any fault of theirs:
 * it rebooted, it came back, or the API server was out of reach.
 */
final class Disturbances {
  /** A node's own view lags: restarts may be reported a little before the reboot is. */
  private static final Duration LEAD = Duration.ofMinutes(2);

  private static final Duration DISCOUNT = Duration.ofMinutes(5);
  private static final Duration STEP = Duration.ofSeconds(30);
  private static final Duration KEPT = Duration.ofMinutes(20);
  private static final String API = "api";

  private final Map<String, Instant> byNode = new HashMap<>();
  private final Map<String, Node> nodes = new HashMap<>();
  private final @Nullable Instant api;
  private final RuleInput input;

  Disturbances(RuleInput input) {
    this.input = input;
    this.api = apiOutage();
    for (Node node : input.snapshot().objects().nodes()) {
      nodes.put(node.meta().name(), node);
      Instant at = latest(rebooted(node), returned(node));
      if (at != null) {
        byNode.put(node.meta().name(), at);
      }
    }
  }

  /** Whether the node is known and its pods cannot be judged at the moment. */
  boolean isDown(@Nullable String nodeName) {
    Node node = nodeName == null ? null : nodes.get(nodeName);
    return node != null && !Conditions.isReady(node);
  }

  /** The last one that concerns this node; null for none lately. */
  @Nullable Instant last(@Nullable String nodeName) {
    return latest(api, nodeName == null ? null : byNode.get(nodeName));
  }

  /** When restarts say nothing. */
  static @Nullable Interval discount(@Nullable Instant disturbance) {
    return disturbance == null
        ? null
        : new Interval(disturbance.minus(LEAD), disturbance.plus(DISCOUNT));
  }

  private @Nullable Instant apiOutage() {
    ApiHealth health = input.snapshot().info().api();
    boolean out = health != null && Boolean.FALSE.equals(health.reachable());
    List<Long> numbers = input.memory().recall(API);
    Instant last = numbers.isEmpty() ? null : Instant.ofEpochMilli(numbers.get(0));
    Instant now = input.now();
    if (out && (last == null || last.isBefore(now.minus(STEP)))) {
      last = now;
    }
    return remembered(API, List.of(), last);
  }

  private @Nullable Instant rebooted(Node node) {
    String bootId = node.info() == null ? null : node.info().bootId();
    String key = "node " + node.meta().uid();
    List<Long> numbers = input.memory().recall(key);
    if (bootId == null) {
      return null;
    }
    long boot = bootId.hashCode();
    boolean changed = !numbers.isEmpty() && numbers.get(0) != boot;
    Instant last = numbers.size() < 2 ? null : Instant.ofEpochMilli(numbers.get(1));
    return remembered(key, List.of(boot), changed ? input.now() : last);
  }

  /** Keeps {@code at} behind the other numbers while it matters. */
  private @Nullable Instant remembered(String key, List<Long> numbers, @Nullable Instant at) {
    Instant kept = at == null || at.isBefore(input.now().minus(KEPT)) ? null : at;
    if (kept != null) {
      input.memory().remember(key, append(numbers, kept.toEpochMilli()));
    } else if (!numbers.isEmpty()) {
      input.memory().remember(key, numbers);
    }
    return kept;
  }

  private @Nullable Instant returned(Node node) {
    Condition ready = Conditions.find(node.conditions(), "Ready");
    if (ready == null || !ready.status().equals("True")) {
      return null;
    }
    boolean lately = input.within(KEPT, ready.lastTransitionAt());
    return lately ? input.serverTime(ready.lastTransitionAt()) : null;
  }

  private static List<Long> append(List<Long> numbers, long last) {
    List<Long> all = new ArrayList<>(numbers);
    all.add(last);
    return all;
  }

  private static @Nullable Instant latest(@Nullable Instant a, @Nullable Instant b) {
    return a == null ? b : b == null || a.isAfter(b) ? a : b;
  }
}
