package cx.niro.core.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * When incidents opened and resolved lately, by type and hash of the scope. The fourth time within
 * 15 minutes is flapping: the incident then stays open and quiet until it was steady for 15
 * minutes. For one thread, during one evaluation.
 */
final class Flapping {
  static final Duration WINDOW = Duration.ofMinutes(15);
  private static final int MOST = 3;

  private final Instant now;
  private final Map<IncidentType, Map<Long, List<Long>>> recent = Remembered.byType();
  private int size;

  Flapping(Map<IncidentType, Map<Long, List<Long>>> before, Instant now) {
    this.now = now;
    before.forEach((type, changes) -> changes.forEach((hash, at) -> keep(type, hash, at)));
  }

  /** Whether one more change of this incident would be one too many. */
  boolean isNext(IncidentType type, Scope scope) {
    Map<Long, List<Long>> of = recent.get(type);
    return of != null && of.getOrDefault(Hash64.of(scope.value()), List.of()).size() >= MOST;
  }

  /** It opened or was resolved now. */
  void changed(IncidentType type, Scope scope) {
    long hash = Hash64.of(scope.value());
    List<Long> all =
        new ArrayList<>(recent.getOrDefault(type, Map.of()).getOrDefault(hash, List.of()));
    all.add(now.toEpochMilli());
    keep(type, hash, all.subList(Math.max(0, all.size() - MOST), all.size()));
  }

  /** What to store. */
  Map<IncidentType, Map<Long, List<Long>>> stored() {
    return recent;
  }

  private void keep(IncidentType type, long hash, List<Long> changes) {
    long oldest = now.minus(WINDOW).toEpochMilli();
    List<Long> lately = changes.stream().filter(at -> at > oldest).toList();
    if (lately.isEmpty()) {
      return;
    }
    Map<Long, List<Long>> of = recent.computeIfAbsent(type, any -> new TreeMap<>());
    boolean there = of.containsKey(hash);
    if (there || size < DetectionEngine.MAX_CONDITIONS) {
      of.put(hash, lately);
      size += there ? 0 : 1;
    }
  }
}
