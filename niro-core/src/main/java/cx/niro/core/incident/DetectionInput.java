package cx.niro.core.incident;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.snapshot.ClusterSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one evaluation looks at.
 *
 * @param snapshot the newest content known of the cluster
 * @param beat the heartbeat that brought this evaluation about; null when time alone did
 * @param facts how the newest heartbeats arrived
 * @param now the server's clock
 */
public record DetectionInput(
    ClusterId cluster,
    Environment environment,
    ClusterSnapshot snapshot,
    @Nullable Beat beat,
    Liveness liveness,
    BeatFacts facts,
    Instant now) {

  /** Milliseconds are all that a {@link DetectionState} holds. */
  public DetectionInput {
    now = now.truncatedTo(ChronoUnit.MILLIS);
  }

  /** The same for beats whose arrival was not watched. */
  public DetectionInput(
      ClusterId cluster,
      Environment environment,
      ClusterSnapshot snapshot,
      @Nullable Beat beat,
      Liveness liveness,
      Instant now) {
    this(cluster, environment, snapshot, beat, liveness, BeatFacts.UNKNOWN, now);
  }

  /**
   * Facts of the accepted beat.
   *
   * @param sentAt the cluster's clock, to which all instants inside the snapshot belong
   * @param bootGeneration numbered by the server, one more for each agent process
   * @param bootSuperseded whether another agent process of this cluster called although it was
   *     superseded over 2 minutes ago
   */
  public record Beat(Instant sentAt, long bootGeneration, long sequence, boolean bootSuperseded) {}

  /**
   * Since when the cluster is silent, and what silence means.
   *
   * @param lastBeatAt receipt of the last accepted beat; null before the first
   * @param silentSince from when silence counts: the later of the last beat and the end of the
   *     grace after a server start or gap
   */
  public record Liveness(
      @Nullable Instant lastBeatAt,
      Instant silentSince,
      Duration unknownAfter,
      Duration offlineAfter) {
    public Liveness {
      lastBeatAt = lastBeatAt == null ? null : lastBeatAt.truncatedTo(ChronoUnit.MILLIS);
      silentSince = silentSince.truncatedTo(ChronoUnit.MILLIS);
    }
  }
}
