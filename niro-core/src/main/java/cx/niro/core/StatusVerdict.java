package cx.niro.core;

import cx.niro.core.internal.Span;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's status, why and since when: {@link #of} computes it, and nothing else does.
 *
 * @param reason one sentence for people, with the numbers that decided
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

  /**
   * The status at {@code now}. A cluster is pending until it is enrolled and has beaten once,
   * unless the first beat stays away for the unknown window; then silence outranks incidents:
   * offline, unknown, critical or warning, healthy.
   */
  public static StatusVerdict of(Facts facts, Instant now) {
    Instant enrolledAt = facts.enrolledAt();
    if (enrolledAt == null) {
      String reason = "waiting for an agent to enroll";
      return new StatusVerdict(ClusterStatus.PENDING, reason, facts.createdAt(), null);
    }
    Instant offlineSince = facts.offlineSince();
    if (offlineSince != null) {
      return new StatusVerdict(ClusterStatus.OFFLINE, silence(facts, now), offlineSince, null);
    }
    if (facts.goodbyeAt() != null || facts.goodbyeReason() != null) {
      Instant since = facts.goodbyeAt() == null ? facts.silentSince() : facts.goodbyeAt();
      return new StatusVerdict(ClusterStatus.UNKNOWN, goodbye(facts), since, null);
    }
    Instant deadline = silenceStart(facts, enrolledAt).plus(facts.unknownAfter());
    if (!now.isBefore(deadline)) {
      String reason = silence(facts, now) + " (limit " + Span.text(facts.unknownAfter()) + ")";
      return new StatusVerdict(ClusterStatus.UNKNOWN, reason, deadline, null);
    }
    return reporting(facts, enrolledAt, deadline);
  }

  private static StatusVerdict reporting(Facts facts, Instant enrolledAt, Instant deadline) {
    Instant lastBeatAt = facts.lastBeatAt();
    if (lastBeatAt == null) {
      String reason = "enrolled, waiting for the first heartbeat";
      return new StatusVerdict(ClusterStatus.PENDING, reason, enrolledAt, deadline);
    }
    Severity worst = facts.worst();
    if (worst == null) {
      Instant since = facts.healthySince() == null ? lastBeatAt : facts.healthySince();
      String reason = "heartbeats arrive and no incident is open";
      return new StatusVerdict(ClusterStatus.HEALTHY, reason, since, deadline);
    }
    ClusterStatus status = worst == Severity.HIGH ? ClusterStatus.CRITICAL : ClusterStatus.WARNING;
    Instant since = facts.worstSince() == null ? lastBeatAt : facts.worstSince();
    int open = facts.openIncidents();
    String reason =
        open + (open == 1 ? " open incident" : " open incidents") + ", worst " + worst.wireName();
    return new StatusVerdict(status, reason, since, deadline);
  }

  private static Instant silenceStart(Facts facts, Instant enrolledAt) {
    boolean enrolledLater = facts.lastBeatAt() == null && enrolledAt.isAfter(facts.silentSince());
    return enrolledLater ? enrolledAt : facts.silentSince();
  }

  private static String silence(Facts facts, Instant now) {
    Instant lastBeatAt = facts.lastBeatAt();
    if (lastBeatAt == null) {
      return "no heartbeat since the enrollment";
    }
    String text = "no heartbeat for " + Span.text(Duration.between(lastBeatAt, now));
    return facts.goodbyeReason() == null ? text : text + "; " + goodbye(facts);
  }

  private static String goodbye(Facts facts) {
    String reason = facts.goodbyeReason();
    boolean silent = reason == null || reason.isBlank();
    return silent ? "agent said goodbye" : "agent said goodbye: " + reason;
  }
}
