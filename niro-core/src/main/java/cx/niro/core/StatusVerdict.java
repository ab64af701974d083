package cx.niro.core;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's status, why and since when.
 *
 * @param recheckAt when silence alone would change it; null for never
 */
public record StatusVerdict(
    ClusterStatus status, String reason, Instant since, @Nullable Instant recheckAt) {

  /**
   * What the status follows from.
   *
   * @param createdAt when the cluster was made
   * @param enrolledAt null while pending
   * @param lastBeatAt null before the first accepted beat
   * @param silentSince from when silence counts, never before the end of a server's grace
   * @param goodbyeReason null unless the agent said goodbye and has not beaten since
   * @param offlineSince when {@code cluster_offline} opened; null while it is not open
   * @param worst of the open incidents that are not suppressed, {@code cluster_offline} aside; null
   *     for none
   * @param worstSince when the oldest incident of that severity opened; null for none
   */
  public record Facts(
      Instant createdAt,
      @Nullable Instant enrolledAt,
      @Nullable Instant lastBeatAt,
      Instant silentSince,
      @Nullable String goodbyeReason,
      @Nullable Instant goodbyeAt,
      @Nullable Instant offlineSince,
      @Nullable Severity worst,
      @Nullable Instant worstSince,
      int openIncidents,
      @Nullable Instant healthySince,
      Duration unknownAfter) {}
}
