package cx.niro.server.internal;

import cx.niro.core.incident.BeatWatch;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.DetectionInput;
import cx.niro.core.incident.DetectionInput.Beat;
import cx.niro.core.incident.DetectionInput.Liveness;
import cx.niro.core.incident.DetectionResult;
import cx.niro.core.incident.DetectionState;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.NodeLoads;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.server.ServerOptions;
import cx.niro.server.spi.SessionRow;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Asks the detection engine about a cluster, with what this server knows of its silence. */
final class Detection {
  private final DetectionEngine engine;
  private final ServerOptions options;
  private final Listening listening;

  Detection(DetectionEngine engine, ServerOptions options, Listening listening) {
    this.engine = engine;
    this.options = options;
    this.listening = listening;
  }

  /**
   * What brought an evaluation about.
   *
   * @param beat null for time alone
   */
  record Occasion(SessionRow session, ClusterSnapshot snapshot, @Nullable Beat beat, Instant now) {}

  /** In the lane. */
  DetectionResult evaluate(LiveCluster live, ClusterState state, Occasion occasion) {
    Beat beat = occasion.beat();
    Instant now = occasion.now();
    Duration offlineAfter = state.offlineAfter(options);
    Instant lastBeat = beat == null ? state.hearing().lastBeatAt() : now;
    Instant lastSign = beat == null ? state.lastSign() : now;
    Liveness liveness =
        new Liveness(
            lastBeat,
            Grace.silentSince(lastSign, listening.since(), offlineAfter).plus(listening.lag(now)),
            state.unknownAfter(options),
            offlineAfter);
    DetectionInput input =
        new DetectionInput(
            state.row().id(),
            state.row().environment(),
            occasion.snapshot(),
            beat,
            liveness,
            state.hearing().arrivals().facts(),
            now);
    DetectionState known = new DetectionState(occasion.session().detectionState());
    DetectionResult result = engine.evaluate(known, input, live.recollection);
    live.recollection = result.recollection();
    return result;
  }

  /** The same after one more beat; a silence that was told as such counts for nothing. */
  ClusterState heard(ClusterState state, Heartbeat beat, NodeLoads loads, Instant now) {
    Hearing hearing = state.hearing();
    boolean told =
        state.isOpen(IncidentType.CLUSTER_OFFLINE) || state.session().goodbyeAt() != null;
    BeatWatch watch =
        hearing
            .arrivals()
            .watch()
            .heard(beat.bootId(), beat.timing(), now, told ? now : listening.since());
    return state.with(
        hearing.with(new Hearing.Arrivals(watch, loads, hearing.arrivals().judged())));
  }

  /** Whether a beat without new content must be looked at all the same. */
  boolean isDue(ClusterState state, Instant now) {
    Instant recheckAt = state.session().recheckAt();
    return (recheckAt != null && !recheckAt.isAfter(now))
        || state.session().goodbyeAt() != null
        || state.isOpen(IncidentType.CLUSTER_OFFLINE)
        || state.hearing().rivals().seenLately(now)
        || engine.heeds(state.hearing().arrivals().judged(), state.hearing().arrivals().facts());
  }
}
