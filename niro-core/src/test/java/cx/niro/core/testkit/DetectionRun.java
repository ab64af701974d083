package cx.niro.core.testkit;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.incident.BeatFacts;
import cx.niro.core.incident.BeatWatch;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.DetectionInput;
import cx.niro.core.incident.DetectionInput.Beat;
import cx.niro.core.incident.DetectionInput.Liveness;
import cx.niro.core.incident.DetectionResult;
import cx.niro.core.incident.DetectionState;
import cx.niro.core.incident.IncidentTransition;
import cx.niro.core.incident.IncidentTransition.Muted;
import cx.niro.core.incident.IncidentTransition.Opened;
import cx.niro.core.incident.IncidentTransition.Resolved;
import cx.niro.core.incident.IncidentTransition.Updated;
import cx.niro.core.incident.NodeLoads;
import cx.niro.core.incident.Recollection;
import cx.niro.core.protocol.BeatTiming;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SnapshotDelta;
import cx.niro.core.snapshot.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One cluster under detection in virtual time, evaluated exactly as a server does: a beat every 15
 * s, evaluated only when its content changed, when it ends a long silence, or when a superseded
 * agent called; and once more whenever time alone asks for it. The state goes through its text
 * between any two evaluations, deltas carry what changed, and whatever the recollection of the last
 * evaluation spares must make no difference: each answer is compared with one from nothing. The
 * cluster's clock is three hours ahead of the server's.
 */
public final class DetectionRun {
  public static final Duration INTERVAL = Duration.ofSeconds(15);
  public static final Duration OFFLINE_AFTER = Duration.ofSeconds(150);
  private static final Duration UNKNOWN_AFTER = Duration.ofSeconds(65);
  private static final Duration GRACE = Duration.ofSeconds(80);
  private static final Duration AHEAD = Duration.ofHours(3);

  private final DetectionEngine engine;
  private final List<IncidentTransition> transitions = new ArrayList<>();
  private final Map<String, Opened> open = new LinkedHashMap<>();
  private final Map<String, Muted> muted = new LinkedHashMap<>();
  private Environment environment = Environment.STAGING;
  private Function<Instant, ClusterSnapshot> content = at -> ClusterSnapshot.EMPTY;
  private DetectionState state = DetectionState.EMPTY;
  private Instant now = ManualTime.START;
  private Instant nextBeat = ManualTime.START;
  private boolean silent;
  private boolean down;
  private boolean superseded;
  private boolean everyBeat;
  private boolean forgetful;
  private ClusterSnapshot reported = ClusterSnapshot.EMPTY;
  private @Nullable Recollection recollection;
  private ClusterSnapshot known = ClusterSnapshot.EMPTY;
  private @Nullable Instant lastBeatAt;
  private Instant listeningSince = ManualTime.START;
  private @Nullable Instant recheckAt;
  private long sequence;
  private long boot = 1;
  private boolean newBoot;
  private BeatWatch watch = BeatWatch.EMPTY;
  private BeatFacts evaluated = BeatFacts.UNKNOWN;
  private Usage usage = Usage.EMPTY;
  private NodeLoads loads = NodeLoads.NONE;
  private Predicate<Instant> arrives = at -> true;
  private Function<Instant, @Nullable BeatTiming> timings = at -> null;
  private int evaluations;

  private DetectionRun(DetectionEngine engine) {
    this.engine = engine;
  }

  /** A cluster that reports nothing yet. */
  public static DetectionRun of(DetectionEngine engine) {
    return new DetectionRun(engine);
  }

  public DetectionRun in(Environment given) {
    environment = given;
    return this;
  }

  /** Evaluates unchanged beats too, which must not make a difference. */
  public DetectionRun evaluatingEveryBeat() {
    everyBeat = true;
    return this;
  }

  /** Makes each evaluation from nothing, which must not make a difference either. */
  public DetectionRun forgetting() {
    forgetful = true;
    return this;
  }

  /** What the agent reports from its next beat on. */
  public DetectionRun sees(ClusterSnapshot snapshot) {
    return sees(at -> snapshot);
  }

  /** The same, made anew for each beat from the server's time. */
  public DetectionRun sees(Function<Instant, ClusterSnapshot> source) {
    content = source;
    return this;
  }

  /** What the nodes are using, from the next beat on. */
  public DetectionRun uses(Usage figures) {
    usage = figures;
    return this;
  }

  /** Which beats arrive; all by default. */
  public DetectionRun arrives(Predicate<Instant> which) {
    arrives = which;
    return this;
  }

  /** The clocks that beats bring along; none by default, and then their arrival is not watched. */
  public DetectionRun timed(Function<Instant, @Nullable BeatTiming> clocks) {
    timings = clocks;
    return this;
  }

  /** Another agent process sends the next beat, and those after it. */
  public DetectionRun agentRestarts() {
    boot++;
    newBoot = true;
    return this;
  }

  /** No beats from now on. */
  public DetectionRun goesSilent() {
    silent = true;
    return this;
  }

  /** Beats again, at once. */
  public DetectionRun comesBack() {
    silent = false;
    nextBeat = now;
    return this;
  }

  /** The server stops: nothing arrives and nothing is evaluated. */
  public DetectionRun serverStops() {
    down = true;
    return this;
  }

  /** The server is back, with a new grace. */
  public DetectionRun serverStarts() {
    down = false;
    watch = BeatWatch.EMPTY;
    loads = NodeLoads.NONE;
    evaluated = BeatFacts.UNKNOWN;
    recollection = null;
    listeningSince = now.plus(GRACE);
    return this;
  }

  /** Whether a superseded agent keeps calling. */
  public DetectionRun superseded(boolean goesOn) {
    superseded = goesOn;
    return this;
  }

  /** Lets time pass, second by second. */
  public DetectionRun pass(Duration time) {
    Instant end = now.plus(time);
    while (now.isBefore(end)) {
      now = now.plusSeconds(1);
      second();
    }
    return this;
  }

  public DetectionRun passSeconds(long seconds) {
    return pass(Duration.ofSeconds(seconds));
  }

  public DetectionRun passMinutes(long minutes) {
    return pass(Duration.ofMinutes(minutes));
  }

  public Instant now() {
    return now;
  }

  /** An instant as the cluster's own clock has it, in epoch milliseconds. */
  public static long clusterMillis(Instant at) {
    return at.plus(AHEAD).toEpochMilli();
  }

  /** The cluster's clock so long ago. */
  public long ago(Duration time) {
    return clusterMillis(now.minus(time));
  }

  /** Everything that happened, oldest first. */
  public List<IncidentTransition> transitions() {
    return List.copyOf(transitions);
  }

  /**
   * {@code opened}, {@code updated}, {@code suppressed}, {@code flapping}, {@code heard} again and
   * {@code resolved <reason>}, oldest first.
   */
  public List<String> story() {
    return transitions.stream()
        .map(
            one ->
                one.<String>fold(
                    o -> "opened",
                    u -> "updated",
                    DetectionRun::muted,
                    r -> "resolved " + r.reason()))
        .toList();
  }

  private static String muted(Muted muted) {
    boolean suppressed = muted.suppressedBy() != null;
    return suppressed ? "suppressed" : muted.flapping() ? "flapping" : "heard";
  }

  /** {@code <type> <scope>} of what is open and told. */
  public List<String> heard() {
    return open.values().stream()
        .filter(one -> !muted.containsKey(one.fingerprint().value()))
        .map(DetectionRun::name)
        .sorted()
        .toList();
  }

  /** {@code <type> <scope> by <type> <scope>} of what is open and suppressed. */
  public List<String> suppressed() {
    return open.values().stream()
        .flatMap(
            one ->
                Optional.ofNullable(muted.get(one.fingerprint().value()))
                    .map(Muted::suppressedBy)
                    .map(by -> name(one) + " by " + name(open.get(by.value())))
                    .stream())
        .sorted()
        .toList();
  }

  private static String name(@Nullable Opened incident) {
    return incident == null ? "nothing" : incident.type() + " " + incident.scope();
  }

  /** What is open, by scope. */
  public List<String> openScopes() {
    return open.values().stream().map(one -> one.scope().value()).sorted().toList();
  }

  public List<Opened> opened() {
    return transitions.stream().filter(Opened.class::isInstance).map(Opened.class::cast).toList();
  }

  public List<Updated> updated() {
    return transitions.stream().filter(Updated.class::isInstance).map(Updated.class::cast).toList();
  }

  public List<Resolved> resolved() {
    return transitions.stream()
        .filter(Resolved.class::isInstance)
        .map(Resolved.class::cast)
        .toList();
  }

  public DetectionState state() {
    return state;
  }

  public DetectionRun loses(DetectionState other) {
    state = other;
    return this;
  }

  public int evaluations() {
    return evaluations;
  }

  private void second() {
    boolean due = !now.isBefore(nextBeat);
    if (due) {
      nextBeat = now.plus(INTERVAL);
    }
    if (down) {
      return;
    }
    if (due && !silent) {
      beat();
    }
    if (recheckAt != null && !now.isBefore(recheckAt)) {
      evaluate(null);
    }
  }

  private void beat() {
    if (!arrives.test(now)) {
      return;
    }
    ClusterSnapshot next = content.apply(now);
    BeatTiming timing = timings.apply(now);
    if (timing != null) {
      boolean offline = lastBeatAt != null && !now.isBefore(lastBeatAt.plus(OFFLINE_AFTER));
      Instant fromHere = offline ? now : listeningSince.minus(GRACE);
      watch = watch.heard(new BootId("boot-" + boot), timing, now, fromHere);
    }
    loads = NodeLoads.of(usage, next);
    boolean heeded = engine.heeds(evaluated, watch.facts().with(loads));
    boolean ends = lastBeatAt != null && !now.isBefore(lastBeatAt.plus(OFFLINE_AFTER));
    boolean changed = lastBeatAt == null || !next.equals(reported) || newBoot || heeded;
    lastBeatAt = now;
    reported = next;
    known = merged(next);
    newBoot = false;
    if (changed || ends || superseded || everyBeat) {
      evaluate(new Beat(now.plus(AHEAD), boot, ++sequence, superseded));
    }
  }

  private void evaluate(@Nullable Beat beat) {
    evaluated = watch.facts().with(loads);
    Instant silentSince =
        lastBeatAt != null && lastBeatAt.isAfter(listeningSince) ? lastBeatAt : listeningSince;
    Liveness liveness = new Liveness(lastBeatAt, silentSince, UNKNOWN_AFTER, OFFLINE_AFTER);
    DetectionInput input =
        new DetectionInput(new ClusterId("c1"), environment, known, beat, liveness, evaluated, now);
    DetectionResult result = answer(new DetectionState(state.text()), input);
    if (result.recheckAt() != null && !result.recheckAt().isAfter(now)) {
      throw new AssertionError("asked to be rechecked at once, " + result.recheckAt());
    }
    state = result.state();
    recheckAt = result.recheckAt();
    evaluations++;
    result.transitions().forEach(this::record);
  }

  /** As a server holds it, which never changes what did not change; uids must be unique for it. */
  private ClusterSnapshot merged(ClusterSnapshot next) {
    ClusterSnapshot merged = SnapshotDelta.between(known, next).applyTo(known);
    for (Section section : Section.values()) {
      if (merged.objects().of(section).size() != next.objects().of(section).size()) {
        return next;
      }
    }
    return merged;
  }

  private DetectionResult answer(DetectionState from, DetectionInput input) {
    DetectionResult whole = engine.evaluate(from, input);
    if (forgetful || recollection == null) {
      recollection = whole.recollection();
      return whole;
    }
    DetectionResult spared = engine.evaluate(from, input, recollection);
    Instant at = spared.recheckAt();
    Instant due = whole.recheckAt();
    if (!spared.transitions().equals(whole.transitions())
        || (due != null && (at == null || at.isAfter(due)))) {
      throw new AssertionError("spared " + spared + " of " + whole);
    }
    recollection = spared.recollection();
    return spared;
  }

  private void record(IncidentTransition transition) {
    transitions.add(transition);
    String fingerprint = transition.fingerprint().value();
    boolean known = open.containsKey(fingerprint);
    boolean legal = transition instanceof Opened ? !known : known;
    if (!legal) {
      throw new AssertionError("out of order: " + transition);
    }
    if (transition instanceof Opened opened) {
      open.put(fingerprint, opened);
    } else if (transition instanceof Muted one) {
      muted.put(fingerprint, one);
      muted.values().removeIf(any -> any.suppressedBy() == null && !any.flapping());
    } else if (transition instanceof Resolved) {
      open.remove(fingerprint);
      muted.remove(fingerprint);
    }
  }
}
