package cx.niro.core.incident.rules;

import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One container of a pod, ephemeral ones left out; its incident is about all its replicas. */
record ContainerSubject(PodSubject about, ContainerStatus status, boolean init)
    implements PodRule.Subject {

  @Override
  public Scope scope() {
    return about.scope().container(status.name());
  }

  /**
   * The containers of a pod; those that it asks for, without a state, while the kubelet said
   * nothing of them yet.
   */
  static List<ContainerSubject> of(PodSubject about) {
    Pod.PodStatus status = about.pod().status();
    List<ContainerSubject> all = new ArrayList<>();
    status.initContainers().forEach(one -> all.add(new ContainerSubject(about, one, true)));
    status.containers().forEach(one -> all.add(new ContainerSubject(about, one, false)));
    PodSpec spec = all.isEmpty() && !about.input().isQuiet() ? about.spec() : null;
    if (spec != null) {
      spec.initContainers().forEach(one -> all.add(unborn(about, one.name(), true)));
      spec.containers().forEach(one -> all.add(unborn(about, one.name(), false)));
    }
    return all;
  }

  private static ContainerSubject unborn(PodSubject about, String name, boolean init) {
    ContainerStatus nothing =
        new ContainerStatus(name, null, null, null, null, null, null, null, null, null);
    return new ContainerSubject(about, nothing, init);
  }

  /** Why it waits; null while it does not, or for no reason. */
  @Nullable String waitingFor() {
    return status.waiting() == null ? null : status.waiting().reason();
  }

  /** Whether it is an init container that goes on beside the others. */
  boolean isSidecar() {
    Container container = container();
    return init && container != null && "Always".equals(container.restartPolicy());
  }

  /** What it was asked to be; null when that was not sent. */
  @Nullable Container container() {
    PodSpec spec = about.spec();
    if (spec == null) {
      return null;
    }
    List<Container> containers = init ? spec.initContainers() : spec.containers();
    return containers.stream()
        .filter(one -> one.name().equals(status.name()))
        .findFirst()
        .orElse(null);
  }

  /** {@code Container app of Deployment shop/web}. */
  String name() {
    return (init ? "Init container " : "Container ") + status.name() + " of " + about.name();
  }

  /** The same for all tries of the same container. */
  String key() {
    return about.pod().meta().uid() + "/" + status.name();
  }
}
