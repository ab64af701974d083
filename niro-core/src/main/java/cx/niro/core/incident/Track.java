package cx.niro.core.incident;

import cx.niro.core.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One condition that is or was true: pending until {@code told} says that an incident is open. A
 * true sample changes nothing in it, so that a steady condition costs no write.
 *
 * @param since when it became true, later by the time in which nobody could tell
 * @param seenAt when an evaluation first saw it, later likewise
 * @param clearing since when it is false; null while it is true
 * @param freeze since when nobody can tell; null while somebody can
 */
record Track(
    Instant since,
    Instant seenAt,
    @Nullable Clearing clearing,
    @Nullable Freeze freeze,
    @Nullable Told told,
    Ties ties,
    Quiet quiet) {

  /** False since then; {@code gone} when because the object is. */
  record Clearing(Instant since, boolean gone) {
    Clearing later(Duration time) {
      return new Clearing(since.plus(time), gone);
    }
  }

  /** Frozen since {@code at}; {@code unknownSince} is null while that is on purpose. */
  record Freeze(Instant at, @Nullable Instant unknownSince) {}

  /** What the newest transition said, the texts as hashes. */
  record Told(Severity severity, long summary, long evidence, Instant at) {
    static Told of(Symptom symptom, Instant at) {
      return new Told(symptom.severity(), symptom.summaryHash(), symptom.evidenceHash(), at);
    }
  }

  /**
   * What the newest true judgement left behind.
   *
   * @param lastsUntil it counts as true until then; null for as long as it is judged so
   * @param dependsOn sorted, so that equal states are equal texts
   */
  record Ties(@Nullable Instant lastsUntil, List<Scope> dependsOn) {
    static final Ties NONE = new Ties(null, List.of());
    private static final int MOST = 4;

    static Ties of(Judgement judgement) {
      Set<Scope> scopes = judgement.dependsOn();
      if (scopes.isEmpty()) {
        return judgement.notBefore() == null ? NONE : new Ties(judgement.notBefore(), List.of());
      }
      return new Ties(
          judgement.notBefore(),
          scopes.stream().sorted(Comparator.comparing(Scope::value)).limit(MOST).toList());
    }
  }

  /**
   * Why people need not be told of it.
   *
   * @param suppressedBy the open incident that explains it; null for none
   * @param freeSince when that one was found to be over; null while it is not
   * @param flapsSince since when it is steady, while it counts as flapping; null otherwise
   */
  record Quiet(
      @Nullable Fingerprint suppressedBy,
      @Nullable Instant freeSince,
      @Nullable Instant flapsSince) {
    static final Quiet NONE = new Quiet(null, null, null);

    boolean isFlapping() {
      return flapsSince != null;
    }

    Quiet flapsSince(@Nullable Instant steadySince) {
      return new Quiet(suppressedBy, freeSince, steadySince);
    }

    /** Whether people have to be told the same. */
    boolean saysSame(Quiet other) {
      return isFlapping() == other.isFlapping() && Objects.equals(suppressedBy, other.suppressedBy);
    }

    Quiet later(Duration time) {
      return flapsSince == null ? this : flapsSince(flapsSince.plus(time));
    }
  }

  /** Pending since {@code began}, first seen now. */
  static Track begun(Instant began, Instant now) {
    return new Track(began, now, null, null, null, Ties.NONE, Quiet.NONE);
  }

  boolean isOpen() {
    return told != null;
  }

  /** Whether time passing brings it nearer to opening or resolving. */
  boolean isUnsettled() {
    return freeze == null && (told == null || clearing != null);
  }

  /** Whether it was said to last beyond {@code now}. */
  boolean lasts(Instant now) {
    Instant until = ties.lastsUntil();
    return isOpen() && until != null && now.isBefore(until);
  }

  /** True at {@code now} and, as far as is known, since {@code began}. */
  Track confirmed(Instant began, Instant now) {
    Track thawed = thawed(now);
    Instant first = began.isBefore(thawed.since) ? began : thawed.since;
    return new Track(first, thawed.seenAt, null, null, told, ties, quiet);
  }

  Track cleared(boolean gone, Instant now) {
    Track thawed = thawed(now);
    Instant start = thawed.clearing == null ? now : thawed.clearing.since();
    Clearing cleared = new Clearing(start, gone);
    return new Track(thawed.since, thawed.seenAt, cleared, null, told, ties, quiet);
  }

  Track frozen(boolean held, Instant from, Instant now) {
    Instant at = freeze == null ? start(from) : freeze.at();
    Instant unknownSince = freeze == null ? at : freeze.unknownSince();
    Instant counted = held ? null : unknownSince == null ? now : unknownSince;
    return new Track(since, seenAt, clearing, new Freeze(at, counted), told, ties, quiet);
  }

  Track told(Symptom symptom, Instant at) {
    return new Track(since, seenAt, clearing, freeze, Told.of(symptom, at), ties, quiet);
  }

  Track tied(Ties next) {
    return new Track(since, seenAt, clearing, freeze, told, next, quiet);
  }

  Track quiet(Quiet next) {
    return new Track(since, seenAt, clearing, freeze, told, ties, next);
  }

  private Instant start(Instant from) {
    Instant last = clearing == null ? seenAt : clearing.since();
    return from.isBefore(last) ? last : from;
  }

  private Track thawed(Instant now) {
    if (freeze == null) {
      return this;
    }
    Duration lost = Duration.between(freeze.at(), now);
    Clearing later = clearing == null ? null : clearing.later(lost);
    Instant began = told == null ? since.plus(lost) : since;
    return new Track(began, seenAt.plus(lost), later, null, told, ties, quiet.later(lost));
  }
}
