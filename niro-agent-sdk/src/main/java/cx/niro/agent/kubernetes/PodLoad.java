package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Resources;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the pods that are not finished take of a node: their number and what they request, added up
 * as the scheduler does.
 */
record PodLoad(int pods, long cpuMillis, long memoryBytes) {
  static final PodLoad NONE = new PodLoad(0, 0, 0);

  static Map<String, PodLoad> byNode(Collection<Pod> pods) {
    Map<String, PodLoad> loads = new HashMap<>();
    for (Pod pod : pods) {
      if (pod.nodeName() != null && !isFinished(pod)) {
        loads.merge(pod.nodeName(), of(pod.spec()), PodLoad::plus);
      }
    }
    return loads;
  }

  static boolean isFinished(Pod pod) {
    return "Succeeded".equals(pod.status().phase()) || "Failed".equals(pod.status().phase());
  }

  Resources requested() {
    return new Resources(cpuMillis, memoryBytes, null, (long) pods);
  }

  private PodLoad plus(PodLoad other) {
    return new PodLoad(
        pods + other.pods, cpuMillis + other.cpuMillis, memoryBytes + other.memoryBytes);
  }

  private static PodLoad of(@Nullable PodSpec spec) {
    return spec == null
        ? new PodLoad(1, 0, 0)
        : new PodLoad(1, total(spec, Resources::cpuMillis), total(spec, Resources::memoryBytes));
  }

  /** Containers and sidecars together, or the largest step of the start, plus overhead. */
  private static long total(PodSpec spec, Function<Resources, @Nullable Long> amount) {
    long running = 0;
    for (Container container : spec.containers()) {
      running += of(container.requests(), amount);
    }
    long sidecars = 0;
    long starting = 0;
    for (Container init : spec.initContainers()) {
      long wanted = of(init.requests(), amount);
      boolean stays = "Always".equals(init.restartPolicy());
      starting = Math.max(starting, sidecars + wanted);
      sidecars += stays ? wanted : 0;
    }
    return Math.max(running + sidecars, starting) + of(spec.overhead(), amount);
  }

  private static long of(
      @Nullable Resources resources, Function<Resources, @Nullable Long> amount) {
    Long value = resources == null ? null : amount.apply(resources);
    return value == null ? 0 : value;
  }

  /** How many unfinished pods mount each claim, by {@code namespace/claim}. */
  static Map<String, Integer> mountsByClaim(Collection<Pod> pods) {
    Map<String, Integer> mounts = new HashMap<>();
    for (Pod pod : pods) {
      List<PodSpec.Volume> volumes =
          pod.spec() == null || isFinished(pod) ? List.of() : pod.spec().volumes();
      for (PodSpec.Volume volume : volumes) {
        if (volume.claimName() != null) {
          mounts.merge(pod.meta().namespace() + "/" + volume.claimName(), 1, Integer::sum);
        }
      }
    }
    return mounts;
  }
}
