package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.Severity;
import cx.niro.core.StatusVerdict;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Usage;
import cx.niro.server.ServerOptions;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.SessionRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything known of a cluster at one moment; a new value replaces it at each step.
 *
 * @param content null before the first
 * @param healthySince when it last became healthy, as far as this process saw it
 * @param loaded whether session, incidents and inventory were read from the store
 */
record ClusterState(
    ClusterRow row,
    SessionRow session,
    Hearing hearing,
    @Nullable ClusterContent content,
    Usage usage,
    List<IncidentRow> incidents,
    HeldPolicies policies,
    @Nullable Instant healthySince,
    boolean loaded) {

  static ClusterState fresh(ClusterRow row, @Nullable Instant lastSeen) {
    return new ClusterState(
        row,
        noSession(row.id()),
        Hearing.since(lastSeen, 0),
        null,
        Usage.EMPTY,
        List.of(),
        HeldPolicies.NONE,
        null,
        false);
  }

  private static SessionRow noSession(ClusterId id) {
    return new SessionRow(id, null, 0, 0, null, null, null, "", null, 0);
  }

  ClusterState with(ClusterRow next) {
    return new ClusterState(
        next, session, hearing, content, usage, incidents, policies, healthySince, loaded);
  }

  ClusterState with(SessionRow next) {
    return new ClusterState(
        row, next, hearing, content, usage, incidents, policies, healthySince, loaded);
  }

  ClusterState with(Hearing next) {
    return new ClusterState(
        row, session, next, content, usage, incidents, policies, healthySince, loaded);
  }

  /** The same when another server has heard its agent later. */
  ClusterState heardElsewhere(Instant at) {
    Instant last = hearing.lastBeatAt();
    return last == null || at.isAfter(last) ? with(hearing.elsewhere(at)) : this;
  }

  ClusterState with(@Nullable ClusterContent next, Usage figures) {
    return new ClusterState(
        row, session, hearing, next, figures, incidents, policies, healthySince, loaded);
  }

  ClusterState with(List<IncidentRow> open) {
    return new ClusterState(
        row, session, hearing, content, usage, open, policies, healthySince, loaded);
  }

  ClusterState with(HeldPolicies next) {
    return new ClusterState(
        row, session, hearing, content, usage, incidents, next, healthySince, loaded);
  }

  ClusterState healthySince(@Nullable Instant since) {
    return new ClusterState(
        row, session, hearing, content, usage, incidents, policies, since, loaded);
  }

  ClusterState asLoaded() {
    return new ClusterState(
        row, session, hearing, content, usage, incidents, policies, healthySince, true);
  }

  ClusterInfo info() {
    return content == null ? ClusterInfo.EMPTY : content.info();
  }

  /** Decodes it where the content is closed. */
  ClusterSnapshot snapshot() {
    return content == null ? ClusterSnapshot.EMPTY : content.snapshot();
  }

  Duration unknownAfter(ServerOptions options) {
    Integer own = row.unknownAfterSeconds();
    return own == null ? options.unknownAfter() : Duration.ofSeconds(own);
  }

  Duration offlineAfter(ServerOptions options) {
    Integer own = row.offlineAfterSeconds();
    Duration offline = own == null ? options.offlineAfter() : Duration.ofSeconds(own);
    Duration unknown = unknownAfter(options);
    return offline.compareTo(unknown) < 0 ? unknown : offline;
  }

  /** The last beat, or the enrollment when there was none since. */
  @Nullable Instant lastSign() {
    Instant beat = hearing.lastBeatAt();
    Instant enrolled = row.enrolledAt();
    return beat == null || (enrolled != null && enrolled.isAfter(beat)) ? enrolled : beat;
  }

  boolean isOpen(IncidentType type) {
    return incidents.stream().anyMatch(incident -> incident.what().type().equals(type));
  }

  /**
   * The open incidents that the badge counts: silenced and acknowledged ones, no suppressed ones.
   */
  Stream<IncidentRow> counting() {
    return incidents.stream().filter(incident -> !incident.attention().isSuppressed());
  }

  StatusVerdict verdict(ServerOptions options, Instant listeningSince, Instant now) {
    Duration window = unknownAfter(options);
    Instant silentSince = Grace.silentSince(lastSign(), listeningSince, window);
    List<IncidentRow> counting =
        counting()
            .filter(incident -> !incident.what().type().equals(IncidentType.CLUSTER_OFFLINE))
            .toList();
    IncidentRow worst = counting.stream().min(WORST_THEN_OLDEST).orElse(null);
    Severity severity = worst == null ? null : worst.telling().severity();
    return StatusVerdict.of(
        new StatusVerdict.Facts(
            row.createdAt(),
            row.enrolledAt(),
            hearing.lastBeatAt(),
            silentSince,
            session.goodbyeReason(),
            session.goodbyeAt(),
            offlineSince(),
            severity,
            worst == null ? null : worst.began().openedAt(),
            counting.size(),
            healthySince,
            window),
        now);
  }

  private static final Comparator<IncidentRow> WORST_THEN_OLDEST =
      Comparator.comparing((IncidentRow row) -> row.telling().severity())
          .reversed()
          .thenComparing(row -> row.began().openedAt());

  private @Nullable Instant offlineSince() {
    return incidents.stream()
        .filter(incident -> incident.what().type().equals(IncidentType.CLUSTER_OFFLINE))
        .map(incident -> incident.began().openedAt())
        .findFirst()
        .orElse(null);
  }
}
