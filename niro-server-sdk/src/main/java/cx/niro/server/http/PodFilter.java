package cx.niro.server.http;

import cx.niro.core.snapshot.Pod;
import cx.niro.server.Fleet;
import cx.niro.server.internal.rest.ClusterIndex;
import cx.niro.server.internal.rest.ClusterJson;
import cx.niro.server.internal.rest.PodCondition;
import cx.niro.server.internal.rest.PodJson;
import java.util.Comparator;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which pods a list wants; empty means all. */
record PodFilter(Set<String> namespaces, Set<String> phases, Set<String> statuses, String text) {

  static PodFilter of(Call call) {
    return new PodFilter(
        call.queryAll("namespace"),
        call.queryAll("phase", PodJson.PHASES.toArray(String[]::new), Function.identity()),
        call.queryAll("status"),
        call.text());
  }

  /** The cluster's pods that fit, in the order of their keys. */
  Stream<Found> pods(ClusterJson.Reference cluster, Fleet.Content content) {
    ClusterIndex index = new ClusterIndex(content);
    boolean all = Choices.lower(cluster.name()).contains(text);
    return content.snapshot().objects().pods().stream()
        .filter(pod -> fits(pod, index))
        .filter(pod -> all || hasText(pod))
        .map(pod -> new Found(pod, cluster, index))
        .sorted(Comparator.comparing(Found::key));
  }

  private boolean fits(Pod pod, ClusterIndex index) {
    return (namespaces.isEmpty() || namespaces.contains(PodJson.namespace(pod)))
        && (phases.isEmpty() || phases.contains(PodJson.phase(pod)))
        && (statuses.isEmpty()
            || statuses.contains(PodCondition.of(pod, index.specOf(pod)).word()));
  }

  private boolean hasText(Pod pod) {
    return contains(pod.meta().name())
        || contains(PodJson.namespace(pod))
        || contains(pod.nodeName());
  }

  private boolean contains(@Nullable String value) {
    return value != null && Choices.lower(value).contains(text);
  }

  /** A pod and where it was found. */
  record Found(Pod pod, ClusterJson.Reference cluster, ClusterIndex index) {
    String key() {
      return Paging.key(
          cluster.name(),
          cluster.id(),
          PodJson.namespace(pod),
          pod.meta().name(),
          pod.meta().uid());
    }

    Object shown() {
      return PodJson.of(pod, cluster, index);
    }
  }
}
