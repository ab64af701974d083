package cx.niro.agent.testkit;

import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.testkit.Snapshots;
import java.time.Duration;
import java.util.List;

/**
 * How objects look while something is wrong with them, as pure functions of the healthy object,
 * when it began and how long it has been going on.
 */
final class Sickness {
  private static final Duration RUNS = Duration.ofSeconds(6);
  private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(10);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(300);

  private Sickness() {}

  /** Where a container that always dies is in its cycle; back-offs double from 10 s to 300 s. */
  record CrashCycle(int restarts, boolean running, Duration since, Duration lastDeath) {
    static CrashCycle at(Duration going) {
      Duration start = Duration.ZERO;
      Duration backOff = FIRST_BACK_OFF;
      Duration death = Duration.ZERO;
      for (int restarts = 0; ; restarts++) {
        Duration dies = start.plus(RUNS);
        if (going.compareTo(dies) < 0) {
          return new CrashCycle(restarts, true, start, death);
        }
        death = dies;
        start = dies.plus(backOff);
        if (going.compareTo(start) < 0) {
          return new CrashCycle(restarts, false, dies, death);
        }
        Duration twice = backOff.multipliedBy(2);
        backOff = twice.compareTo(LONGEST_BACK_OFF) < 0 ? twice : LONGEST_BACK_OFF;
      }
    }
  }

  static Pod crashLooping(Pod healthy, long began, Duration going) {
    CrashCycle cycle = CrashCycle.at(going);
    ContainerStatus was = healthy.status().containers().get(0);
    long death = began + cycle.lastDeath().toMillis();
    ContainerStatus.Terminated last =
        cycle.restarts() == 0 && cycle.running()
            ? null
            : new ContainerStatus.Terminated(
                "Error", 1, null, death - RUNS.toMillis(), death, null, was.containerId());
    ContainerStatus.Waiting waiting =
        new ContainerStatus.Waiting(
            "CrashLoopBackOff",
            "back-off restarting failed container=" + was.name() + " pod=" + healthy.meta().name());
    ContainerStatus sick =
        new ContainerStatus(
            was.name(),
            cycle.running(),
            cycle.running(),
            cycle.restarts(),
            was.imageId(),
            was.containerId(),
            cycle.running() ? null : waiting,
            cycle.running() ? new ContainerStatus.Running(began + cycle.since().toMillis()) : null,
            null,
            last);
    long changed = began + cycle.since().toMillis();
    return with(healthy, "Running", sick, cycle.running(), changed);
  }

  static Pod pullingFails(Pod healthy, long began, Duration going) {
    ContainerStatus was = healthy.status().containers().get(0);
    boolean backingOff = going.toSeconds() % 60 >= 10;
    ContainerStatus sick =
        new ContainerStatus(
            was.name(),
            false,
            false,
            0,
            null,
            null,
            new ContainerStatus.Waiting(
                backingOff ? "ImagePullBackOff" : "ErrImagePull",
                "failed to resolve the image's reference: not found"),
            null,
            null,
            null);
    return with(healthy, "Pending", sick, false, began);
  }

  private static Pod with(
      Pod healthy, String phase, ContainerStatus sick, boolean ready, long changed) {
    Pod.PodStatus was = healthy.status();
    Condition condition =
        new Condition(
            "Ready",
            ready ? "True" : "False",
            ready ? null : "ContainersNotReady",
            ready ? null : "containers with unready status: [" + sick.name() + "]",
            changed);
    return Snapshots.hashed(
        new Pod(
            healthy.meta(),
            healthy.nodeName(),
            healthy.spec(),
            new Pod.PodStatus(
                phase,
                was.reason(),
                was.message(),
                List.of(condition),
                was.qosClass(),
                was.podIpPresent(),
                was.startedAt(),
                was.deletionGraceSeconds(),
                was.nominatedNodeName(),
                was.initContainers(),
                List.of(sick),
                was.ephemeralContainers())));
  }

  static Node notReady(Node healthy, long began) {
    Condition condition =
        new Condition(
            "Ready",
            "False",
            "KubeletNotReady",
            "container runtime network not ready: cni plugin not initialized",
            began);
    List<Condition> conditions =
        healthy.conditions().stream()
            .map(one -> one.type().equals("Ready") ? condition : one)
            .toList();
    return Snapshots.hashed(
        new Node(
            healthy.meta(),
            healthy.unschedulable(),
            healthy.taints(),
            conditions,
            healthy.info(),
            healthy.capacity(),
            healthy.allocatable(),
            healthy.runningPods(),
            healthy.requested()));
  }

  /** The event that the kubelet repeats about a sick pod; counted up once a minute. */
  static WarningEvent event(Pod sick, String reason, String message, long began, Duration going) {
    ObjectMeta pod = sick.meta();
    String name = pod.name() + "." + reason.toLowerCase(java.util.Locale.ROOT);
    long minutes = going.toMinutes();
    return Snapshots.hashed(
        new WarningEvent(
            ObjectMeta.of(pod.uid() + "-" + reason, pod.namespace(), name, null),
            reason,
            message,
            new WarningEvent.InvolvedObject("Pod", pod.namespace(), pod.name(), pod.uid(), null),
            "kubelet",
            sick.nodeName(),
            null,
            (int) minutes + 1,
            began,
            began + Duration.ofMinutes(minutes).toMillis()));
  }
}
