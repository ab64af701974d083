package cx.niro.agent.internal;

import cx.niro.core.snapshot.Usage;
import cx.niro.core.snapshot.Usage.Columns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out usage figures that did not move noticeably since the server last heard them. Confined
 * to the heartbeat lane.
 */
final class UsageFilter {
  /** A figure moved when it differs by at least this part of the one last sent … */
  static final double NOTICEABLE_PART = 0.05;

  /** … and by at least this many thousandths of a core … */
  static final long NOTICEABLE_MILLIS = 10;

  /** … or this much memory. */
  static final long NOTICEABLE_BYTES = 8L * 1024 * 1024;

  private record Figures(long cpuMillis, long memoryBytes) {
    boolean movedFrom(Figures sent) {
      return moved(sent.cpuMillis, cpuMillis, NOTICEABLE_MILLIS)
          || moved(sent.memoryBytes, memoryBytes, NOTICEABLE_BYTES);
    }
  }

  private Map<String, Figures> heard = new HashMap<>();
  private Map<String, Figures> pending = new HashMap<>();

  static boolean moved(long sent, long now, long least) {
    return Math.abs(now - sent) >= Math.max(least, (long) Math.ceil(sent * NOTICEABLE_PART));
  }

  /** What of {@code now} the server should hear; null when that is nothing. */
  @Nullable Usage moved(Usage now, boolean everything) {
    Map<String, Figures> next = new HashMap<>();
    Columns nodes = moved("node", now.nodes(), everything, next);
    Columns containers = moved("container", now.containers(), everything, next);
    pending = next;
    return nodes.uids().isEmpty() && containers.uids().isEmpty()
        ? null
        : new Usage(now.observedAt(), nodes, containers);
  }

  /** The server has what {@link #moved} gave last. */
  void heard() {
    heard = pending;
  }

  private Columns moved(String kind, Columns all, boolean everything, Map<String, Figures> next) {
    List<String> uids = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Long> cpu = new ArrayList<>();
    List<Long> memory = new ArrayList<>();
    for (int i = 0; i < all.uids().size(); i++) {
      String name = all.names().isEmpty() ? "" : all.names().get(i);
      String id = kind + '\0' + all.uids().get(i) + '\0' + name;
      Figures now = new Figures(all.cpuMillis().get(i), all.memoryBytes().get(i));
      Figures sent = heard.get(id);
      if (everything || sent == null || now.movedFrom(sent)) {
        next.put(id, now);
        uids.add(all.uids().get(i));
        cpu.add(now.cpuMillis);
        memory.add(now.memoryBytes);
        names.addAll(all.names().isEmpty() ? List.of() : List.of(name));
      } else {
        next.put(id, sent);
      }
    }
    return new Columns(uids, names, cpu, memory);
  }
}
