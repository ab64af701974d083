package cx.niro.core.incident;

import cx.niro.core.ClusterId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The next step of one track, given a judgement: the pure heart of {@link DetectionEngine}.
 *
 * @param frozenFrom until when the previous answer is known to have held
 * @param confirm the least time between the first sample of a condition and the opening, unless it
 *     opens at once
 * @param born when the cluster was first evaluated
 */
record Lifecycle(
    ClusterId cluster, Instant now, Instant frozenFrom, Duration confirm, Instant born) {
  static final Duration GONE_AFTER = Duration.ofMinutes(1);
  static final Duration UPDATE_PATIENCE = Duration.ofMinutes(1);
  static final Duration EVIDENCE_PATIENCE = Duration.ofMinutes(10);

  /**
   * What becomes of the track.
   *
   * @param track null when nothing is left to remember
   * @param recheckAt when time alone leads further
   */
  record Step(
      @Nullable Track track, @Nullable IncidentTransition transition, @Nullable Instant recheckAt) {
    static final Step NOTHING = new Step(null, null, null);
  }

  Step next(@Nullable Track track, RuleSpec spec, Judgement judgement) {
    Symptom symptom = judgement.symptom();
    if (symptom != null) {
      return onTrue(track, spec, judgement, symptom);
    }
    if (track == null) {
      return Step.NOTHING;
    }
    if (judgement.verdict() == Verdict.FALSE) {
      return track.lasts(now)
          ? lasting(track)
          : onFalse(track.cleared(false, now), spec, judgement);
    }
    return onUnknown(track, spec.type(), judgement.scope(), judgement.verdict() == Verdict.HELD);
  }

  /** The object is gone from a complete section; what happened to it still happened. */
  Step gone(Track track, RuleSpec spec, Scope scope) {
    if (track.lasts(now)) {
      return lasting(track);
    }
    boolean gone = track.ties().lastsUntil() == null;
    return onFalse(track.cleared(gone, now), spec, Judgement.no(scope));
  }

  private Step lasting(Track track) {
    return new Step(track.confirmed(track.since(), now), null, track.ties().lastsUntil());
  }

  Step onUnknown(Track track, IncidentType type, Scope scope, boolean held) {
    Track frozen = track.frozen(held, frozenFrom, now);
    Instant unknownSince = frozen.freeze() == null ? null : frozen.freeze().unknownSince();
    if (unknownSince == null) {
      return new Step(frozen, null, null);
    }
    Instant expiry = unknownSince.plus(DetectionEngine.FREEZE_LIMIT);
    if (now.isBefore(expiry)) {
      return new Step(frozen, null, expiry);
    }
    return track.isOpen() ? resolved(type, scope, "expired") : Step.NOTHING;
  }

  private Step onTrue(@Nullable Track track, RuleSpec spec, Judgement judgement, Symptom symptom) {
    Instant began = began(judgement.since());
    Track current =
        (track == null ? Track.begun(began, now) : track.confirmed(began, now))
            .tied(Track.Ties.of(judgement));
    if (current.told() != null) {
      return updated(current, current.told(), spec.type(), judgement.scope(), symptom);
    }
    Duration wait = judgement.openAfter() == null ? spec.openAfter() : judgement.openAfter();
    Instant due =
        wait.isZero() ? now : latest(current.since().plus(wait), current.seenAt().plus(confirm));
    if (now.isBefore(due)) {
      return new Step(current, null, due);
    }
    return new Step(current.told(symptom, now), opened(current, spec, judgement, symptom), null);
  }

  private Step updated(
      Track track, Track.Told told, IncidentType type, Scope scope, Symptom symptom) {
    Track.Told next = Track.Told.of(symptom, told.at());
    if (next.equals(told)) {
      return new Step(track, null, null);
    }
    boolean evidenceOnly = next.severity() == told.severity() && next.summary() == told.summary();
    Instant due = told.at().plus(evidenceOnly ? EVIDENCE_PATIENCE : UPDATE_PATIENCE);
    if (now.isBefore(due)) {
      return new Step(track, null, due);
    }
    IncidentTransition transition =
        new IncidentTransition.Updated(
            Fingerprint.of(cluster, type, scope),
            symptom.severity(),
            symptom.summary(),
            symptom.evidence(),
            now);
    return new Step(track.told(symptom, now), transition, null);
  }

  private Step onFalse(Track track, RuleSpec spec, Judgement judgement) {
    Track.Clearing clearing = track.clearing();
    if (!track.isOpen() || clearing == null) {
      return Step.NOTHING;
    }
    boolean gone = clearing.gone();
    Duration wait = gone ? shorter(spec.clearAfter(), GONE_AFTER) : spec.clearAfter();
    Instant due = clearing.since().plus(wait);
    Instant notBefore = judgement.notBefore();
    due = notBefore == null ? due : latest(due, notBefore);
    return now.isBefore(due)
        ? new Step(track, null, due)
        : resolved(spec.type(), judgement.scope(), gone ? "object_deleted" : "cleared");
  }

  private Step resolved(IncidentType type, Scope scope, String reason) {
    Fingerprint fingerprint = Fingerprint.of(cluster, type, scope);
    return new Step(null, new IncidentTransition.Resolved(fingerprint, reason, now), null);
  }

  private IncidentTransition opened(
      Track track, RuleSpec spec, Judgement judgement, Symptom symptom) {
    return new IncidentTransition.Opened(
        Fingerprint.of(cluster, spec.type(), judgement.scope()),
        spec.type(),
        judgement.scope(),
        symptom.severity(),
        symptom.summary(),
        symptom.evidence(),
        track.since(),
        now);
  }

  /** Never in the future, and never before the cluster was known here. */
  private Instant began(@Nullable Instant claimed) {
    if (claimed == null || claimed.isAfter(now)) {
      return now;
    }
    return latest(claimed, born);
  }

  private static Instant latest(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
