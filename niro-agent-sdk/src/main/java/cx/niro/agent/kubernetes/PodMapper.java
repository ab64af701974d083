package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Running;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.ContainerStatus.Waiting;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Pod.PodStatus;
import org.jspecify.annotations.Nullable;

/** A pod from its JSON. */
final class PodMapper {
  private static final int WAITING_MESSAGE = 512;
  private static final int IMAGE = 512;
  private static final int CONTAINER_ID = 24;

  private PodMapper() {}

  static Pod map(Json pod) {
    Json spec = pod.child("spec");
    OwnerReference owner = Metadata.owner(pod);
    return new Pod(
        Metadata.of(pod, owner, root(pod, owner)),
        spec.text("nodeName"),
        PodSpecMapper.map(spec),
        status(pod));
  }

  /** The Deployment above a ReplicaSet, whose name is the Deployment's plus the template's hash. */
  private static @Nullable OwnerReference root(Json pod, @Nullable OwnerReference owner) {
    String hash = Metadata.label(pod, "pod-template-hash");
    if (owner == null || hash == null || !owner.kind().equals("ReplicaSet")) {
      return owner;
    }
    String suffix = "-" + hash;
    boolean rolled = owner.name().endsWith(suffix) && owner.name().length() > suffix.length();
    return rolled
        ? new OwnerReference(
            "Deployment", owner.name().substring(0, owner.name().length() - suffix.length()), null)
        : owner;
  }

  private static PodStatus status(Json pod) {
    Json status = pod.child("status");
    return new PodStatus(
        status.text("phase"),
        status.text("reason"),
        status.text("message", Json.MESSAGE),
        Metadata.conditions(status),
        status.text("qosClass"),
        status.has("podIP"),
        status.instant("startTime"),
        pod.child("metadata").number("deletionGracePeriodSeconds"),
        status.text("nominatedNodeName"),
        status.list("initContainerStatuses", PodMapper::container),
        status.list("containerStatuses", PodMapper::container),
        status.list("ephemeralContainerStatuses", PodMapper::container));
  }

  private static @Nullable ContainerStatus container(Json container) {
    String name = container.text("name");
    if (name == null) {
      return null;
    }
    Json state = container.child("state");
    return new ContainerStatus(
        name,
        Boolean.TRUE.equals(container.flag("ready")),
        container.flag("started"),
        container.counter("restartCount"),
        container.text("imageID", IMAGE),
        shortId(container.text("containerID")),
        state.child("waiting", PodMapper::waiting),
        state.child("running", running -> new Running(running.instant("startedAt"))),
        state.child("terminated", PodMapper::terminated),
        container.child("lastState").child("terminated", PodMapper::terminated));
  }

  private static Waiting waiting(Json waiting) {
    return new Waiting(waiting.text("reason"), waiting.text("message", WAITING_MESSAGE));
  }

  private static Terminated terminated(Json ended) {
    return new Terminated(
        ended.text("reason"),
        ended.counter("exitCode"),
        ended.integer("signal"),
        ended.instant("startedAt"),
        ended.instant("finishedAt"),
        ended.text("message", Json.MESSAGE),
        shortId(ended.text("containerID")));
  }

  /** {@code containerd://0123456789ab…} as {@code 0123456789ab}. */
  private static @Nullable String shortId(@Nullable String id) {
    if (id == null || id.isEmpty()) {
      return null;
    }
    return Json.clip(id.substring(id.indexOf("://") < 0 ? 0 : id.indexOf("://") + 3), CONTAINER_ID);
  }
}
