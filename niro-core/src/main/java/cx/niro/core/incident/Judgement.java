package cx.niro.core.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A rule's verdict on one scope. Several of one rule on the same scope, for example one for each
 * pod of a workload, become one: true beats held, held beats unknown, unknown beats false.
 *
 * @param symptom what is wrong; null unless the verdict is {@link Verdict#TRUE}
 * @param openAfter how long it must be true; null for the rule's own {@link RuleSpec#openAfter}
 * @param since when it became true, by the server's clock, if an instant inside the snapshot tells;
 *     null for the first evaluation that saw it
 * @param notBefore an open incident is not resolved earlier, however long it was false; said with
 *     {@link Verdict#TRUE}, it holds whatever is judged later
 * @param recheckAt when time alone would change the verdict; null for never
 * @param dependsOn scopes that this one cannot be well without, such as the node of its pod; of
 *     several judgements on one scope, what all depend on. An incident on one of them can explain
 *     this one
 */
public record Judgement(
    Scope scope,
    Verdict verdict,
    @Nullable Symptom symptom,
    @Nullable Duration openAfter,
    @Nullable Instant since,
    @Nullable Instant notBefore,
    @Nullable Instant recheckAt,
    Set<Scope> dependsOn) {

  public Judgement {
    dependsOn = Set.copyOf(dependsOn);
    if ((verdict == Verdict.TRUE) != (symptom != null)) {
      throw new IllegalArgumentException(
          "a symptom goes with TRUE and with nothing else, but verdict was " + verdict);
    }
  }

  /** Something is wrong. */
  public static Judgement yes(Scope scope, Symptom symptom) {
    return new Judgement(scope, Verdict.TRUE, symptom, null, null, null, null, Set.of());
  }

  /**
   * Something happened that is over already, such as a container that was killed. The incident
   * stays open for {@code lasting} after the last time it happened, whatever is judged until then,
   * and though the object may be gone. Judge so only while it is recent: afterwards say nothing of
   * the scope, or {@link #no}.
   *
   * @param at by the server's clock, see {@link RuleInput#serverTime}
   */
  public static Judgement happened(Scope scope, Symptom symptom, Instant at, Duration lasting) {
    return yes(scope, symptom).since(at).notBefore(at.plus(lasting));
  }

  /** Looked at, and nothing is wrong. */
  public static Judgement no(Scope scope) {
    return of(scope, Verdict.FALSE);
  }

  /** There, but what the rule needs to know of it is missing. */
  public static Judgement unknown(Scope scope) {
    return of(scope, Verdict.UNKNOWN);
  }

  /** Deliberately not judged: an open incident stays, a new one does not open. */
  public static Judgement held(Scope scope) {
    return of(scope, Verdict.HELD);
  }

  private static Judgement of(Scope scope, Verdict verdict) {
    return new Judgement(scope, verdict, null, null, null, null, null, Set.of());
  }

  /** The same, opening after another time than the rule's own. */
  public Judgement openAfter(Duration time) {
    return new Judgement(scope, verdict, symptom, time, since, notBefore, recheckAt, dependsOn);
  }

  /** The same, true since then; null changes nothing. */
  public Judgement since(@Nullable Instant began) {
    return new Judgement(
        scope, verdict, symptom, openAfter, began, notBefore, recheckAt, dependsOn);
  }

  /** The same, resolving nothing before then; null for no limit. */
  public Judgement notBefore(@Nullable Instant earliest) {
    return new Judgement(scope, verdict, symptom, openAfter, since, earliest, recheckAt, dependsOn);
  }

  /** The same, to be asked again then. */
  public Judgement recheckAt(@Nullable Instant again) {
    return new Judgement(scope, verdict, symptom, openAfter, since, notBefore, again, dependsOn);
  }

  /** The same, depending on these scopes instead. */
  public Judgement dependsOn(Scope... scopes) {
    return new Judgement(
        scope, verdict, symptom, openAfter, since, notBefore, recheckAt, Set.of(scopes));
  }

  Judgement and(Judgement other) {
    Instant again = Earliest.of(recheckAt, other.recheckAt);
    if (verdict != other.verdict) {
      Judgement lead = rank(other.verdict) > rank(verdict) ? other : this;
      return lead.recheckAt(again);
    }
    Symptom mine = symptom;
    Symptom theirs = other.symptom;
    return new Judgement(
        scope,
        verdict,
        mine == null || theirs == null ? null : mine.and(theirs),
        shorter(openAfter, other.openAfter),
        Earliest.of(since, other.since),
        latest(notBefore, other.notBefore),
        again,
        common(dependsOn, other.dependsOn));
  }

  private static Set<Scope> common(Set<Scope> some, Set<Scope> others) {
    return some.equals(others)
        ? some
        : some.stream().filter(others::contains).collect(Collectors.toUnmodifiableSet());
  }

  private static int rank(Verdict verdict) {
    return switch (verdict) {
      case FALSE -> 0;
      case UNKNOWN -> 1;
      case HELD -> 2;
      case TRUE -> 3;
    };
  }

  private static @Nullable Duration shorter(@Nullable Duration a, @Nullable Duration b) {
    return a == null || b == null ? null : a.compareTo(b) <= 0 ? a : b;
  }

  private static @Nullable Instant latest(@Nullable Instant a, @Nullable Instant b) {
    return a == null ? b : b == null || a.isAfter(b) ? a : b;
  }
}
