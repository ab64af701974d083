package cx.niro.server.internal.rest;

import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A pod. */
public record PodJson(
    String uid,
    ClusterJson.Reference cluster,
    String namespace,
    String name,
    String phase,
    String status,
    @Nullable String message,
    String ready,
    int restarts,
    @Nullable String node,
    @Nullable Owner owner,
    List<String> images,
    List<String> containers,
    Amounts.Compute requests,
    Amounts.Compute limits,
    Amounts.Compute usage,
    @Nullable Instant createdAt) {

  /** The phases that Kubernetes has; another word is {@code Unknown}. */
  public static final List<String> PHASES =
      List.of("Pending", "Running", "Succeeded", "Failed", "Unknown");

  private static final Set<String> KNOWN_PHASES = Set.copyOf(PHASES);

  /** What controls it. */
  public record Owner(String kind, String name) {}

  public static PodJson of(Pod pod, ClusterJson.Reference cluster, ClusterIndex index) {
    PodSpec spec = index.specOf(pod);
    PodCondition condition = PodCondition.of(pod, spec);
    List<Container> containers = spec == null ? List.of() : spec.containers();
    return new PodJson(
        pod.meta().uid(),
        cluster,
        namespace(pod),
        pod.meta().name(),
        phase(pod),
        condition.word(),
        condition.message(),
        condition.readyContainers() + "/" + condition.containers(),
        condition.restarts(),
        pod.nodeName(),
        owner(pod),
        containers.isEmpty() ? images(pod.status().containers()) : specImages(containers),
        names(pod, containers),
        Amounts.Compute.sum(containers.stream().map(Container::requests).toList()),
        Amounts.Compute.sumOfAll(containers.stream().map(Container::limits).toList()),
        index.usageOfPod(pod.meta().uid()),
        Instants.of(pod.meta().createdAt()));
  }

  public static String namespace(Pod pod) {
    return Objects.requireNonNullElse(pod.meta().namespace(), "");
  }

  public static String phase(Pod pod) {
    String phase = pod.status().phase();
    return phase != null && KNOWN_PHASES.contains(phase) ? phase : "Unknown";
  }

  private static @Nullable Owner owner(Pod pod) {
    OwnerReference owner = ClusterIndex.owner(pod);
    return owner == null ? null : new Owner(owner.kind(), owner.name());
  }

  /** The ordinary ones first, as logs are asked for by them. */
  private static List<String> names(Pod pod, List<Container> containers) {
    return Stream.concat(
            containers.stream().map(Container::name),
            pod.status().containers().stream().map(ContainerStatus::name))
        .distinct()
        .toList();
  }

  private static List<String> specImages(List<Container> containers) {
    return containers.stream().map(Container::image).filter(Objects::nonNull).distinct().toList();
  }

  private static List<String> images(List<ContainerStatus> containers) {
    return containers.stream()
        .map(ContainerStatus::imageId)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }
}
