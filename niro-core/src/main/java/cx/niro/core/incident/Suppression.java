package cx.niro.core.incident;

import cx.niro.core.ClusterId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which open incidents are explained by which, once all rules were settled. A source suppresses at
 * once, however much later it came. When it is over, its targets are released after the cluster was
 * seen whole once more and 2 more minutes, if they are true then.
 */
final class Suppression {
  static final Duration GRACE = Duration.ofMinutes(2);

  private final ClusterId cluster;
  private final Instant now;
  private final Predicate<IncidentType> isWhole;
  private final List<Explaining> rows = new ArrayList<>();
  private boolean waiting;
  private @Nullable Instant recheckAt;

  /** The open sources of one row, by what their targets are found by. */
  private record Explaining(Inhibition row, Map<Scope, Set<Fingerprint>> sources) {}

  /**
   * @param isWhole whether what a rule for this type reads was seen completely and lately
   */
  Suppression(ClusterId cluster, Instant now, Predicate<IncidentType> isWhole) {
    this.cluster = cluster;
    this.now = now;
    this.isWhole = isWhole;
  }

  /** Replaces in {@code tracks} those whose suppression changed. */
  void settle(List<Inhibition> table, Map<IncidentType, Map<Scope, Track>> tracks) {
    table.forEach(row -> collect(row, tracks));
    tracks.forEach(
        (type, of) ->
            of.replaceAll((scope, track) -> track.isOpen() ? settle(type, scope, track) : track));
  }

  /** Whether a target waits for the cluster to be seen whole. */
  boolean isWaiting() {
    return waiting;
  }

  /** When time alone releases a target; null for never. */
  @Nullable Instant recheckAt() {
    return recheckAt;
  }

  private void collect(Inhibition row, Map<IncidentType, Map<Scope, Track>> tracks) {
    Map<Scope, Set<Fingerprint>> sources = new HashMap<>();
    for (IncidentType type : row.sources()) {
      tracks
          .getOrDefault(type, Map.of())
          .forEach(
              (scope, track) -> {
                Scope key = row.relation().ofSource(scope);
                if (track.isOpen() && key != null) {
                  sources
                      .computeIfAbsent(key, any -> new LinkedHashSet<>())
                      .add(Fingerprint.of(cluster, type, scope));
                }
              });
    }
    if (!sources.isEmpty()) {
      rows.add(new Explaining(row, sources));
    }
  }

  private Track settle(IncidentType type, Scope scope, Track track) {
    Track.Quiet quiet = track.quiet();
    Fingerprint by = explain(type, scope, track);
    if (by != null) {
      return track.quiet(new Track.Quiet(by, null, quiet.flapsSince()));
    }
    return quiet.suppressedBy() == null ? track : releasing(type, track);
  }

  /** The source that it is suppressed by already, or else the first one of the table. */
  private @Nullable Fingerprint explain(IncidentType type, Scope scope, Track track) {
    Fingerprint known = track.quiet().suppressedBy();
    Fingerprint first = null;
    for (Explaining one : rows) {
      if (!one.row().suppresses(type)) {
        continue;
      }
      for (Scope key : one.row().relation().ofTarget(scope, track.ties().dependsOn())) {
        Set<Fingerprint> found = one.sources().getOrDefault(key, Set.of());
        if (known != null && found.contains(known)) {
          return known;
        }
        first = first == null && !found.isEmpty() ? found.iterator().next() : first;
      }
    }
    return first;
  }

  private Track releasing(IncidentType type, Track track) {
    Track.Quiet quiet = track.quiet();
    if (track.freeze() != null || !isWhole.test(type)) {
      waiting = true;
      return track.quiet(new Track.Quiet(quiet.suppressedBy(), null, quiet.flapsSince()));
    }
    Instant freeSince = quiet.freeSince() == null ? now : quiet.freeSince();
    Instant due = freeSince.plus(GRACE);
    if (now.isBefore(due)) {
      recheckAt = Earliest.of(recheckAt, due);
    } else if (track.clearing() == null) {
      return track.quiet(new Track.Quiet(null, null, quiet.flapsSince()));
    }
    return track.quiet(new Track.Quiet(quiet.suppressedBy(), freeSince, quiet.flapsSince()));
  }
}
