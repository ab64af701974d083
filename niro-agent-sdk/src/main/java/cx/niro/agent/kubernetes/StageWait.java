package cx.niro.agent.kubernetes;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Waits until what a stage made can carry the next. */
final class StageWait {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final long LOOK_EVERY = 500;

  private final ManagedParts parts;

  StageWait(ManagedParts parts) {
    this.parts = parts;
  }

  /** What is not ready after a minute carries a remark; the next stages are tried all the same. */
  void after(Stage stage, List<Item> all) throws IOException {
    Predicate<Json> ready = readiness(stage, all);
    if (ready == null) {
      return;
    }
    List<Item> waiting =
        new ArrayList<>(
            all.stream().filter(item -> item.stage() == stage && item.isApplied()).toList());
    boolean some = !waiting.isEmpty();
    long until = parts.course().in(LONGEST);
    waiting.removeIf(item -> isReady(item, ready));
    while (!waiting.isEmpty() && parts.course().isBefore(until)) {
      parts.course().pause(LOOK_EVERY);
      waiting.removeIf(item -> isReady(item, ready));
    }
    waiting.forEach(item -> item.remark("applied, but not ready after a minute"));
    if (some && stage != Stage.WORKLOADS) {
      parts.discovery().refresh();
    }
  }

  /** Null when nothing later depends on it. */
  private static @Nullable Predicate<Json> readiness(Stage stage, List<Item> all) {
    boolean extended = all.stream().anyMatch(item -> item.stage() == Stage.EXTENSIONS);
    return switch (stage) {
      case DEFINITIONS -> live -> isTrue(live, "Established");
      case WORKLOADS -> extended ? StageWait::isRolledOut : null;
      case EXTENSIONS -> live -> !live.has("status") || isTrue(live, "Available");
      default -> null;
    };
  }

  private boolean isReady(Item item, Predicate<Json> ready) {
    try {
      Json live = parts.calls().read(item.manifest().path());
      return live == null || ready.test(live);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isTrue(Json live, String condition) {
    return live.child("status")
        .list(
            "conditions", json -> condition.equals(json.text("type")) ? json.text("status") : null)
        .contains("True");
  }

  private static boolean isRolledOut(Json live) {
    Json status = live.child("status");
    Json spec = live.child("spec");
    return switch (String.valueOf(live.text("kind"))) {
      case "Deployment", "StatefulSet" ->
          isSeen(live)
              && status.counter("updatedReplicas") >= spec.counter("replicas")
              && status.counter("readyReplicas") >= spec.counter("replicas");
      case "DaemonSet" ->
          isSeen(live) && status.counter("numberReady") >= status.counter("desiredNumberScheduled");
      default -> true;
    };
  }

  private static boolean isSeen(Json live) {
    return live.child("status").counter("observedGeneration")
        >= live.child("metadata").counter("generation");
  }
}
