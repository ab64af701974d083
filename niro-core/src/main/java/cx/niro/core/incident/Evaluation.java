package cx.niro.core.incident;

import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One run of all rules over one input; made, run once and thrown away. */
final class Evaluation {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final long CLOCK_STEP_SECONDS = 2;

  /** A hundred years; a clock further off is nonsense and must not overflow anything. */
  private static final long CLOCK_LIMIT_SECONDS = 100L * 365 * 24 * 3600;

  private final Remembered before;
  private final DetectionInput input;
  private final Freshness freshness;
  private final Instant now;
  private final @Nullable Instant gapSince;
  private final @Nullable Long clockSeconds;
  private final Flapping flapping;
  private final Lifecycle lifecycle;
  private final Map<IncidentType, Map<Scope, Track>> tracks = Remembered.byType();
  private final Map<IncidentType, Map<Long, List<Long>>> memories = Remembered.byType();
  private final RuleInput.Present present;
  private final List<IncidentTransition> transitions = new ArrayList<>();
  private int trackCount;
  private boolean unsettled;
  private @Nullable Instant recheckAt;

  Evaluation(Remembered before, DetectionInput input) {
    this.before = before;
    this.freshness = Freshness.of(input);
    this.input = freshness.applied(input);
    this.gapSince = freshness.gapSince(before.watchedUntil());
    this.now = input.now();
    this.clockSeconds = clock(before.clockSeconds(), input.beat());
    this.flapping = new Flapping(before.changes(), now);
    this.lifecycle =
        new Lifecycle(
            input.cluster(), now, freshness.knownUntil(), freshness.interval(), born(), flapping);
    this.present = new RuleInput.Present(this.input, clusterNow(), new HashMap<>());
    before.tracks().values().forEach(of -> trackCount += of.size());
  }

  /** From nothing. */
  DetectionResult run(
      List<IncidentRule> rules,
      List<Inhibition> inhibitions,
      BiConsumer<IncidentRule, RuntimeException> failures) {
    return run(rules, inhibitions, failures, null);
  }

  /**
   * @param last what the evaluation before left behind; null for nothing
   */
  DetectionResult run(
      List<IncidentRule> rules,
      List<Inhibition> inhibitions,
      BiConsumer<IncidentRule, RuntimeException> failures,
      @Nullable Recollection last) {
    Standing standing = Standing.of(stands() ? last : null, input, rules.size());
    for (int place = 0; place < rules.size(); place++) {
      settle(rules.get(place), place, standing, failures);
    }
    for (IncidentType type : before.tracks().keySet()) {
      if (!tracks.containsKey(type)) {
        orphaned(type);
      }
    }
    before.memories().forEach(memories::putIfAbsent);
    suppress(rules, inhibitions);
    boolean anything = tracks.values().stream().anyMatch(of -> !of.isEmpty());
    recheck(freshness.recheckAt(unsettled, anything));
    Instant watchedUntil = unsettled ? freshness.watchedUntil() : null;
    tracks.values().removeIf(Map::isEmpty); // most are, and each takes memory for each cluster
    memories.values().removeIf(Map::isEmpty);
    Remembered after =
        new Remembered(born(), clockSeconds, watchedUntil, tracks, memories, flapping.stored());
    DetectionState state = new DetectionState(StateText.write(after));
    Recollection recollection =
        new Recollection(rules, state, after, Recollection.Of.input(input), standing.next());
    return new DetectionResult(state, transitions, recheckAt, recollection);
  }

  /** Whether what a rule saw the last time can be what it would see now. */
  private boolean stands() {
    return freshness.isFresh() && Objects.equals(clockSeconds, before.clockSeconds());
  }

  private void settle(
      IncidentRule rule,
      int place,
      Standing standing,
      BiConsumer<IncidentRule, RuntimeException> failures) {
    RuleSpec spec = rule.spec();
    if (standing.holds(place, spec)) {
      recheck(standing.dueAt(place));
      return;
    }
    Instant others = recheckAt;
    recheckAt = null;
    Map<Scope, Judgement> judged = ask(rule, failures);
    settle(spec, judged);
    if (judged != null && isCalm(spec)) {
      standing.stands(place, recheckAt);
    }
    recheck(others);
  }

  /** Whether it found nothing, remembers nothing new, and would say the same again. */
  private boolean isCalm(RuleSpec spec) {
    IncidentType type = spec.type();
    return spec.goesBy() != null
        && trackCount < DetectionEngine.MAX_CONDITIONS
        && before.tracksOf(type).isEmpty()
        && tracks.getOrDefault(type, Map.of()).isEmpty()
        && before.memoryOf(type).equals(memories.get(type));
  }

  private void suppress(List<IncidentRule> rules, List<Inhibition> inhibitions) {
    if (tracks.values().stream().flatMap(of -> of.values().stream()).noneMatch(Track::isOpen)) {
      return;
    }
    Set<IncidentType> whole = new HashSet<>();
    rules.stream()
        .map(IncidentRule::spec)
        .filter(spec -> freshness.isFresh() && complete(spec))
        .forEach(spec -> whole.add(spec.type()));
    Suppression suppression = new Suppression(input.cluster(), now, whole::contains);
    suppression.settle(inhibitions, tracks);
    recheck(suppression.recheckAt());
    unsettled |= suppression.isWaiting();
    tracks.forEach((type, of) -> of.forEach((scope, track) -> mute(type, scope, track)));
  }

  private void mute(IncidentType type, Scope scope, Track track) {
    Track known = before.tracksOf(type).get(scope);
    Track.Quiet told = known == null ? Track.Quiet.NONE : known.quiet();
    Track.Quiet quiet = track.quiet();
    if (!quiet.saysSame(told)) {
      Fingerprint fingerprint = Fingerprint.of(input.cluster(), type, scope);
      transitions.add(
          new IncidentTransition.Muted(fingerprint, quiet.suppressedBy(), quiet.isFlapping(), now));
    }
  }

  /** The judgements by scope; null when the rule can tell nothing. */
  private @Nullable Map<Scope, Judgement> ask(
      IncidentRule rule, BiConsumer<IncidentRule, RuntimeException> failures) {
    RuleSpec spec = rule.spec();
    boolean deaf = !spec.whileSilent() && !freshness.isFresh();
    if (deaf || unread(spec)) {
      return null;
    }
    RuleMemory memory = new RuleMemory(before.memoryOf(spec.type()));
    RuleInput seen = new RuleInput(present, before.tracksOf(spec.type()), memory);
    try {
      Map<Scope, Judgement> judged = new LinkedHashMap<>();
      rule.judge(seen).forEach(one -> judged.merge(one.scope(), one, Judgement::and));
      memories.put(spec.type(), memory.stored(complete(spec)));
      return judged;
    } catch (RuntimeException e) {
      failures.accept(rule, e);
      return null;
    }
  }

  private void settle(RuleSpec spec, @Nullable Map<Scope, Judgement> judged) {
    Map<Scope, Track> known = known(spec);
    Map<Scope, Track> left = tracks.computeIfAbsent(spec.type(), any -> Remembered.byScope());
    if (judged != null) {
      judged.forEach((scope, one) -> judged(known.get(scope), spec, one, left));
    }
    known.forEach(
        (scope, track) -> {
          if (judged == null || !judged.containsKey(scope)) {
            keep(unmentioned(track, spec, scope, judged != null), spec.type(), scope, left);
          }
        });
    if (!spec.whileSilent()) {
      left.values().forEach(track -> unsettled |= track.isUnsettled());
    }
  }

  /** A time in which nobody looked is lost for what was pending or clearing. */
  private Map<Scope, Track> known(RuleSpec spec) {
    Map<Scope, Track> known = before.tracksOf(spec.type());
    if (gapSince == null || spec.whileSilent()) {
      return known;
    }
    Map<Scope, Track> thawing = Remembered.byScope();
    known.forEach(
        (scope, track) ->
            thawing.put(scope, track.isUnsettled() ? track.frozen(false, gapSince, now) : track));
    return thawing;
  }

  private void judged(
      @Nullable Track track, RuleSpec spec, Judgement judgement, Map<Scope, Track> left) {
    recheck(judgement.recheckAt());
    boolean isNew = track == null && judgement.verdict() == Verdict.TRUE;
    if (isNew && trackCount >= DetectionEngine.MAX_CONDITIONS) {
      return;
    }
    trackCount += isNew ? 1 : 0;
    keep(lifecycle.next(track, spec, judgement), spec.type(), judgement.scope(), left);
  }

  private Lifecycle.Step unmentioned(Track track, RuleSpec spec, Scope scope, boolean asked) {
    if (!asked || !complete(spec)) {
      return lifecycle.onUnknown(track, spec.type(), scope, false);
    }
    return spec.reads().isEmpty()
        ? lifecycle.next(track, spec, Judgement.no(scope))
        : lifecycle.gone(track, spec, scope);
  }

  /** Tracks of a rule that is no longer there can only expire. */
  private void orphaned(IncidentType type) {
    Map<Scope, Track> left = Remembered.byScope();
    before
        .tracksOf(type)
        .forEach(
            (scope, track) ->
                keep(lifecycle.onUnknown(track, type, scope, false), type, scope, left));
    tracks.put(type, left);
  }

  private void keep(Lifecycle.Step step, IncidentType type, Scope scope, Map<Scope, Track> left) {
    if (step.track() != null) {
      left.put(scope, step.track());
    }
    if (step.transition() != null) {
      transitions.add(step.transition());
      if (!(step.transition() instanceof IncidentTransition.Updated)) {
        flapping.changed(type, scope);
      }
    }
    recheck(step.recheckAt());
  }

  /** A rule that asks for the past or for now gets the next second. */
  private void recheck(@Nullable Instant at) {
    Instant soonest = now.plus(SOON);
    recheckAt = Earliest.of(recheckAt, at == null || at.isAfter(soonest) ? at : soonest);
  }

  private boolean unread(RuleSpec spec) {
    for (Section section : spec.reads()) {
      State state = input.snapshot().section(section).state();
      if (state == State.ERROR || state == State.OFF) {
        return true;
      }
    }
    return false;
  }

  private boolean complete(RuleSpec spec) {
    for (Section section : spec.reads()) {
      if (input.snapshot().section(section).state() != State.COMPLETE) {
        return false;
      }
    }
    return true;
  }

  private Instant born() {
    return before.born() == null ? input.now() : before.born();
  }

  private @Nullable Instant clusterNow() {
    DetectionInput.Beat beat = input.beat();
    if (beat != null) {
      return beat.sentAt();
    }
    return clockSeconds == null ? null : now.plusSeconds(clockSeconds);
  }

  /** Kept while it is right within two seconds, so that it is not written at every beat. */
  private @Nullable Long clock(@Nullable Long known, DetectionInput.@Nullable Beat beat) {
    if (beat == null) {
      return known;
    }
    long claimed = Duration.between(now, beat.sentAt()).toSeconds();
    long seconds = Math.max(-CLOCK_LIMIT_SECONDS, Math.min(claimed, CLOCK_LIMIT_SECONDS));
    return known != null && Math.abs(known - seconds) <= CLOCK_STEP_SECONDS ? known : seconds;
  }
}
