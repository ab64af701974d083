package cx.niro.core.policy;

import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Workload;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;

/**
 * Tells whether people ask the same of a cluster as before, whatever became of it. Objects that are
 * the same instances are not compared; when in doubt they differ.
 */
final class Wishes {
  private Wishes() {}

  static boolean same(ClusterSnapshot before, ClusterSnapshot now) {
    Inventory was = before.objects();
    Inventory is = now.objects();
    return before.info().equals(now.info())
        && before.sections().equals(now.sections())
        && all(was.pods(), is.pods(), Wishes::same)
        && all(was.workloads(), is.workloads(), Wishes::same)
        && all(was.nodes(), is.nodes(), Wishes::same)
        && was.serviceAccounts().equals(is.serviceAccounts())
        && was.autoscalers().equals(is.autoscalers())
        && was.persistentVolumeClaims().equals(is.persistentVolumeClaims());
  }

  private static <T> boolean all(List<T> was, List<T> is, BiPredicate<T, T> same) {
    if (was == is) {
      return true;
    }
    if (was.size() != is.size()) {
      return false;
    }
    for (int i = 0; i < is.size(); i++) {
      if (was.get(i) != is.get(i) && !same.test(was.get(i), is.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** That a pod ended is more than its status: others stand for its workload from then on. */
  private static boolean same(Pod was, Pod is) {
    return same(was.meta(), is.meta())
        && Subjects.hasEnded(was) == Subjects.hasEnded(is)
        && Objects.equals(was.spec(), is.spec());
  }

  private static boolean same(Workload was, Workload is) {
    return same(was.meta(), is.meta())
        && was.kind().equals(is.kind())
        && Subjects.isOver(was) == Subjects.isOver(is)
        && Objects.equals(was.paused(), is.paused())
        && Objects.equals(was.suspended(), is.suspended())
        && Objects.equals(was.desiredReplicas(), is.desiredReplicas())
        && Objects.equals(was.rollout(), is.rollout())
        && Objects.equals(was.templateHash(), is.templateHash())
        && Objects.equals(was.template(), is.template());
  }

  private static boolean same(Node was, Node is) {
    return same(was.meta(), is.meta());
  }

  /** But for the hash, which is that of everything, the status included. */
  private static boolean same(ObjectMeta was, ObjectMeta is) {
    return was.uid().equals(is.uid())
        && was.name().equals(is.name())
        && Objects.equals(was.namespace(), is.namespace())
        && Objects.equals(was.createdAt(), is.createdAt())
        && Objects.equals(was.deletedAt(), is.deletedAt())
        && was.labels().equals(is.labels())
        && was.annotations().equals(is.annotations())
        && Objects.equals(was.owner(), is.owner())
        && Objects.equals(was.rootOwner(), is.rootOwner());
  }
}
