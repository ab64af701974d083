package cx.niro.core.policy;

import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.PodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The pods that a workload makes: its template, or its newest pod where no template is reported.
 *
 * @param kind of the workload, for example {@code Deployment}
 * @param annotations of the template or the pod
 * @param kubernetesMinor the cluster's Kubernetes 1.x
 */
public record PodTemplate(
    String kind, PodSpec spec, Map<String, String> annotations, int kubernetesMinor) {

  /** Everything that runs before, in and beside the pod: init, regular, ephemeral. */
  public List<Container> allContainers() {
    if (spec.initContainers().isEmpty() && spec.ephemeralContainers().isEmpty()) {
      return spec.containers();
    }
    List<Container> all = new ArrayList<>(spec.initContainers());
    all.addAll(spec.containers());
    all.addAll(spec.ephemeralContainers());
    return all;
  }

  /** What runs as long as the pod: sidecars (init containers that restart) and regular ones. */
  public List<Container> lastingContainers() {
    if (spec.initContainers().isEmpty()) {
      return spec.containers();
    }
    List<Container> lasting = new ArrayList<>();
    for (Container container : spec.initContainers()) {
      if (Objects.equals(container.restartPolicy(), "Always")) {
        lasting.add(container);
      }
    }
    lasting.addAll(spec.containers());
    return lasting;
  }

  /** Whether it is meant to end: a Job, a CronJob, or a pod that is not restarted for ever. */
  public boolean runsToCompletion() {
    String policy = spec.restartPolicy();
    return kind.equals("Job")
        || kind.equals("CronJob")
        || (policy != null && !policy.equals("Always"));
  }

  /** Whether the kubelet runs it from a file; the object is only its mirror. */
  public boolean isMirror() {
    return annotations.containsKey("kubernetes.io/config.mirror");
  }

  /** Whether the pod has a user namespace of its own, so that root in it is not the host's. */
  public boolean hasOwnUsers() {
    return spec.host() != null && Boolean.FALSE.equals(spec.host().users());
  }

  /** The names of those of all containers that {@code test} holds for. */
  public List<String> namesOf(Predicate<Container> test) {
    return namesOf(allContainers(), test);
  }

  /** The names of those of {@code containers} that {@code test} holds for. */
  public static List<String> namesOf(List<Container> containers, Predicate<Container> test) {
    List<String> names = List.of();
    for (Container container : containers) {
      if (test.test(container)) {
        names = names.isEmpty() ? new ArrayList<>() : names;
        names.add(container.name());
      }
    }
    return names;
  }
}
