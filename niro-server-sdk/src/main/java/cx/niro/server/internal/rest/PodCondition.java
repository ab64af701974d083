package cx.niro.server.internal.rest;

import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a pod does, in the words that {@code kubectl get pods} uses: the phase is only where it
 * starts; containers that wait or have ended say more.
 *
 * @param word for example {@code Running}, {@code CrashLoopBackOff}, {@code Init:0/1}
 * @param message what the cluster says about it; null when nothing is wrong
 */
public record PodCondition(
    String word, @Nullable String message, int readyContainers, int containers, int restarts) {

  public static PodCondition of(Pod pod, @Nullable PodSpec spec) {
    return new Reading(pod, spec).read();
  }

  /** Goes through one pod's containers. */
  private static final class Reading {
    private final Pod pod;
    private final List<ContainerStatus> init;
    private final List<ContainerStatus> main;
    private final Set<String> sidecars = new HashSet<>();
    private final int containers;
    private String word;
    private @Nullable String message;
    private int ready;
    private int restarts;

    Reading(Pod pod, @Nullable PodSpec spec) {
      this.pod = pod;
      this.init = pod.status().initContainers();
      this.main = pod.status().containers();
      int declared = 0;
      if (spec != null) {
        declared = spec.containers().size();
        spec.initContainers().stream()
            .filter(container -> "Always".equals(container.restartPolicy()))
            .map(Container::name)
            .forEach(sidecars::add);
      }
      this.containers = Math.max(declared, main.size()) + sidecars.size();
      this.word = Objects.requireNonNullElse(pod.status().reason(), PodJson.phase(pod));
      this.message = pod.status().message();
    }

    PodCondition read() {
      boolean initializing = readInit();
      if (!initializing || isTrue("Initialized")) {
        readMain();
      }
      if (pod.meta().deletedAt() != null && !isOver()) {
        word = "NodeLost".equals(pod.status().reason()) ? "Unknown" : "Terminating";
      }
      return new PodCondition(word, message, ready, containers, restarts);
    }

    /** Whether the pod still waits for one of its init containers. */
    private boolean readInit() {
      int done = 0;
      for (ContainerStatus container : init) {
        restarts += restarts(container);
        boolean sidecar = sidecars.contains(container.name());
        if (sidecar && Boolean.TRUE.equals(container.started())) {
          ready += Boolean.TRUE.equals(container.ready()) ? 1 : 0;
          done++;
        } else if (endedWell(container)) {
          done++;
        } else {
          word = "Init:" + initWord(container, done);
          return true;
        }
      }
      return false;
    }

    private String initWord(ContainerStatus container, int done) {
      if (container.terminated() != null) {
        message = container.terminated().message();
        return ending(container.terminated());
      }
      if (container.waiting() != null
          && container.waiting().reason() != null
          && !container.waiting().reason().equals("PodInitializing")) {
        message = container.waiting().message();
        return container.waiting().reason();
      }
      return done + "/" + init.size();
    }

    /** The first container that is not well names the pod. */
    private void readMain() {
      boolean running = false;
      restarts = 0;
      init.stream()
          .filter(container -> sidecars.contains(container.name()))
          .forEach(container -> restarts += restarts(container));
      for (int i = main.size() - 1; i >= 0; i--) {
        ContainerStatus container = main.get(i);
        restarts += restarts(container);
        readState(container);
        if (Boolean.TRUE.equals(container.ready()) && container.running() != null) {
          running = true;
          ready++;
        }
      }
      if (running && word.equals("Completed")) {
        word = isTrue("Ready") ? "Running" : "NotReady";
      }
    }

    private void readState(ContainerStatus container) {
      if (container.waiting() != null && container.waiting().reason() != null) {
        word = container.waiting().reason();
        message = container.waiting().message();
      } else if (container.terminated() != null) {
        word = ending(container.terminated());
        message = container.terminated().message();
      }
    }

    private static String ending(Terminated terminated) {
      if (terminated.reason() != null && !terminated.reason().isEmpty()) {
        return terminated.reason();
      }
      Integer signal = terminated.signal();
      return signal != null && signal != 0
          ? "Signal:" + signal
          : "ExitCode:" + Objects.requireNonNullElse(terminated.exitCode(), 0);
    }

    private static boolean endedWell(ContainerStatus container) {
      Terminated terminated = container.terminated();
      return terminated != null && Integer.valueOf(0).equals(terminated.exitCode());
    }

    private static int restarts(ContainerStatus container) {
      return Objects.requireNonNullElse(container.restartCount(), 0);
    }

    private boolean isOver() {
      String phase = PodJson.phase(pod);
      return phase.equals("Succeeded") || phase.equals("Failed");
    }

    private boolean isTrue(String type) {
      for (Condition condition : pod.status().conditions()) {
        if (condition.type().equals(type)) {
          return condition.status().equals("True");
        }
      }
      return false;
    }
  }
}
