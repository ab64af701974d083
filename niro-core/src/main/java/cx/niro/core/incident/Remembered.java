package cx.niro.core.incident;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DetectionState} as the engine works on it.
 *
 * @param born when this cluster was evaluated first; null before
 * @param clockSeconds by how much the cluster's clock is ahead of the server's; null before the
 *     first heartbeat
 * @param watchedUntil until when the last evaluation knew that it would be asked again while
 *     something was pending or clearing; null while nothing is, or while the cluster is silent
 * @param tracks by type and scope, sorted, so that equal states are equal texts
 * @param memories what rules remember, by type and hash of the key
 * @param changes when incidents opened and resolved lately, by type and hash of the scope
 */
record Remembered(
    @Nullable Instant born,
    @Nullable Long clockSeconds,
    @Nullable Instant watchedUntil,
    Map<IncidentType, Map<Scope, Track>> tracks,
    Map<IncidentType, Map<Long, List<Long>>> memories,
    Map<IncidentType, Map<Long, List<Long>>> changes) {

  private static final Comparator<IncidentType> BY_NAME = Comparator.comparing(IncidentType::name);
  private static final Comparator<Scope> BY_VALUE = Comparator.comparing(Scope::value);

  static Remembered nothing() {
    return new Remembered(null, null, null, byType(), byType(), byType());
  }

  /** The same of a cluster that was first evaluated then. */
  Remembered born(Instant at) {
    return new Remembered(at, clockSeconds, watchedUntil, tracks, memories, changes);
  }

  static <T> Map<IncidentType, T> byType() {
    return new TreeMap<>(BY_NAME);
  }

  static Map<Scope, Track> byScope() {
    return new TreeMap<>(BY_VALUE);
  }

  Map<Scope, Track> tracksOf(IncidentType type) {
    return tracks.getOrDefault(type, Collections.emptyMap());
  }

  Map<Long, List<Long>> memoryOf(IncidentType type) {
    return memories.getOrDefault(type, Collections.emptyMap());
  }
}
