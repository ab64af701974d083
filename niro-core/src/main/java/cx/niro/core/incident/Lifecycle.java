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
    ClusterId cluster,
    Instant now,
    Instant frozenFrom,
    Duration confirm,
    Instant born,
    Flapping flapping) {
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
      boolean wasFalse = track != null && track.clearing() != null;
      Track steady = current.quiet(steadied(current.quiet(), wasFalse));
      return updated(steady, current.told(), spec.type(), judgement.scope(), symptom);
    }
    Duration wait = judgement.openAfter() == null ? spec.openAfter() : judgement.openAfter();
    Instant due =
        wait.isZero() ? now : latest(current.since().plus(wait), current.seenAt().plus(confirm));
    if (now.isBefore(due)) {
      return new Step(current, null, due);
    }
    boolean flaps = flapping.isNext(spec.type(), judgement.scope());
    Track.Quiet quiet = flaps ? current.quiet().flapsSince(now) : current.quiet();
    Track open = current.quiet(quiet).told(symptom, now);
    return new Step(open, opened(current, spec, judgement, symptom), calmAt(quiet));
  }

  /** A condition that flapped and was true for the whole window is one like any other. */
  private Track.Quiet steadied(Track.Quiet quiet, boolean wasFalse) {
    Instant calmAt = calmAt(quiet);
    if (calmAt == null) {
      return quiet;
    }
    return wasFalse ? quiet.flapsSince(now) : now.isBefore(calmAt) ? quiet : quiet.flapsSince(null);
  }

  private static @Nullable Instant calmAt(Track.Quiet quiet) {
    return quiet.flapsSince() == null ? null : quiet.flapsSince().plus(Flapping.WINDOW);
  }

  private Step updated(
      Track track, Track.Told told, IncidentType type, Scope scope, Symptom symptom) {
    Track.Told next = Track.Told.of(symptom, told.at());
    Instant calmAt = calmAt(track.quiet());
    if (next.equals(told)) {
      return new Step(track, null, calmAt);
    }
    boolean evidenceOnly = next.severity() == told.severity() && next.summary() == told.summary();
    Instant due = told.at().plus(evidenceOnly ? EVIDENCE_PATIENCE : UPDATE_PATIENCE);
    if (now.isBefore(due)) {
      return new Step(track, null, Earliest.of(due, calmAt));
    }
    IncidentTransition transition =
        new IncidentTransition.Updated(
            Fingerprint.of(cluster, type, scope),
            symptom.severity(),
            symptom.summary(),
            symptom.evidence(),
            now);
    return new Step(track.told(symptom, now), transition, calmAt);
  }

  private Step onFalse(Track track, RuleSpec spec, Judgement judgement) {
    Track.Clearing clearing = track.clearing();
    if (!track.isOpen() || clearing == null) {
      return Step.NOTHING;
    }
    boolean gone = clearing.gone();
    boolean mayWait = !spec.whileSilent();
    Duration wait = gone ? shorter(spec.clearAfter(), GONE_AFTER) : spec.clearAfter();
    Duration calm = mayWait && track.quiet().isFlapping() ? Flapping.WINDOW : Duration.ZERO;
    Instant due = clearing.since().plus(calm.compareTo(wait) > 0 ? calm : wait);
    Instant notBefore = judgement.notBefore();
    due = notBefore == null ? due : latest(due, notBefore);
    if (now.isBefore(due)) {
      return new Step(track, null, due);
    }
    boolean began = !track.quiet().isFlapping() && flapping.isNext(spec.type(), judgement.scope());
    if (mayWait && began) {
      Track flaps = track.quiet(track.quiet().flapsSince(now));
      return new Step(flaps, null, clearing.since().plus(Flapping.WINDOW));
    }
    return resolved(spec.type(), judgement.scope(), gone ? "object_deleted" : "cleared");
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
