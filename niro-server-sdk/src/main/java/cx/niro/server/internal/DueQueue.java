package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * When each cluster is to be looked at next; an earlier time wins, a later one waits until the
 * earlier came. Costs nothing for clusters that are not due. Its lock guards these fields only.
 */
final class DueQueue {
  private record Due(Instant at, ClusterId cluster) {}

  private final PriorityQueue<Due> queue = new PriorityQueue<>(Comparator.comparing(Due::at));
  private final Map<ClusterId, Instant> next = new HashMap<>();

  synchronized void add(ClusterId cluster, Instant at) {
    Instant known = next.get(cluster);
    if (known == null || at.isBefore(known)) {
      next.put(cluster, at);
      queue.add(new Due(at, cluster));
    }
  }

  /** Takes out what is due, at most {@code limit} clusters. */
  synchronized List<ClusterId> take(Instant now, int limit) {
    List<ClusterId> due = new ArrayList<>();
    Due head = queue.peek();
    while (head != null && !head.at().isAfter(now) && due.size() < limit) {
      queue.poll();
      if (next.remove(head.cluster(), head.at())) {
        due.add(head.cluster());
      }
      head = queue.peek();
    }
    return due;
  }

  synchronized void forget(ClusterId cluster) {
    next.remove(cluster);
  }
}
