package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Running;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.ContainerStatus.Waiting;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.testkit.DetectionRun;
import cx.niro.core.testkit.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calm pods are left out before any rule looks at them, so none may have anything to say. */
class SurroundingsTest {
  private static final List<String> REASONS =
      List.of(
          "CrashLoopBackOff", "ErrImagePull", "CreateContainerConfigError", "ContainerCreating");
  private static final List<String> ENDS =
      List.of("Completed", "Error", "OOMKilled", "StartError", "ContainerCannotRun");

  @Test
  void the_pods_of_a_healthy_cluster_are_calm() {
    ClusterSnapshot healthy = Snapshots.seeded(1).cluster(3, 60);
    assertThat(new Surroundings(healthy).restless()).isEmpty();
  }

  /** Alone in its cluster, each pod is looked at through the eyes of all rules about pods. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void a_calm_pod_opens_nothing_and_leaves_nothing_to_remember(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    int calm = 0;
    int restless = 0;
    for (int i = 0; i < 1_500; i++) {
      ClusterSnapshot snapshot = Seen.cluster(List.of(Seen.node("n1", "True", 1L)), pods(random));
      boolean isCalm = new Surroundings(snapshot).restless().isEmpty();
      calm += isCalm ? 1 : 0;
      restless += isCalm ? 0 : 1;
      if (isCalm) {
        assertThat(wrong(snapshot)).as(snapshot.toString()).isEmpty();
      }
    }
    assertThat(calm).isGreaterThan(20);
    assertThat(restless).isGreaterThan(20);
  }

  /** A pod that is wrong first makes the rules look at all pods, calm ones too. */
  private static List<String> wrong(ClusterSnapshot snapshot) {
    List<String> wrong = new ArrayList<>();
    for (IncidentRule rule : StandardRules.all()) {
      if (rule instanceof PodRule<?> one) {
        wrong.addAll(Looks.wrong(one, snapshot));
      }
    }
    List<IncidentRule> others =
        StandardRules.all().stream()
            .filter(
                rule ->
                    rule instanceof PodCrashLooping
                        || rule instanceof PodRestarting
                        || rule instanceof ContainerOomKilled
                        || rule instanceof PodEvicted)
            .toList();
    DetectionRun run = DetectionRun.of(DetectionEngine.of(others)).sees(snapshot).passMinutes(20);
    run.story().forEach(wrong::add);
    return wrong;
  }

  private static List<Pod> pods(RandomGenerator random) {
    List<ContainerStatus> init = new ArrayList<>();
    for (int i = random.nextInt(2); i > 0; i--) {
      init.add(container("init", random));
    }
    ContainerStatus main = container("app", random);
    Pod base = Seen.pod(Seen.meta("u1", "shop", "web-1", 1L, null), phase(random), init, main);
    List<Condition> conditions = new ArrayList<>();
    if (random.nextInt(5) > 0) {
      String status = random.nextInt(5) > 0 ? "True" : "False";
      conditions.add(new Condition("Ready", status, null, null, 1L));
    }
    if (random.nextInt(3) == 0) {
      conditions.add(new Condition("PodScheduled", "False", "Unschedulable", null, 1L));
    }
    Pod.PodStatus was = base.status();
    Pod.PodStatus status =
        new Pod.PodStatus(
            was.phase(),
            random.nextInt(9) == 0 ? "Evicted" : null,
            null,
            conditions,
            null,
            null,
            1L,
            null,
            null,
            was.initContainers(),
            was.containers(),
            List.of());
    String node = random.nextInt(6) > 0 ? "n1" : null;
    return List.of(new Pod(base.meta(), node, null, status));
  }

  private static String phase(RandomGenerator random) {
    List<String> phases = List.of("Pending", "Failed", "Succeeded", "Unknown");
    return random.nextInt(3) > 0 ? "Running" : phases.get(random.nextInt(phases.size()));
  }

  private static ContainerStatus container(String name, RandomGenerator random) {
    Waiting waiting =
        random.nextInt(5) == 0
            ? new Waiting(REASONS.get(random.nextInt(REASONS.size())), "…")
            : null;
    Running running = random.nextInt(4) > 0 ? new Running(1L) : null;
    Integer restarts = random.nextInt(8) == 0 ? null : Integer.valueOf(restarts(random));
    return new ContainerStatus(
        name,
        random.nextBoolean(),
        random.nextBoolean(),
        restarts,
        null,
        "cid",
        waiting,
        running,
        end(random, running == null ? 2 : 9),
        end(random, 5));
  }

  private static int restarts(RandomGenerator random) {
    return random.nextInt(4) > 0 ? 0 : 1 + random.nextInt(8);
  }

  /** Ended just now, as the rules see it, for it is in the future of the cluster's clock. */
  private static @Nullable Terminated end(RandomGenerator random, int oneOf) {
    if (random.nextInt(oneOf) > 0) {
      return null;
    }
    String reason = ENDS.get(random.nextInt(ENDS.size()));
    int code = random.nextBoolean() ? 0 : 1;
    long future = 4_000_000_000_000L;
    return new Terminated(reason, code, null, future - 200_000, future, null, "cid");
  }
}
