package cx.niro.core.incident;

import cx.niro.core.Severity;
import java.time.Duration;
import java.time.Instant;
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
    @Nullable Told told) {

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

  boolean isOpen() {
    return told != null;
  }

  /** Whether time passing brings it nearer to opening or resolving. */
  boolean isUnsettled() {
    return freeze == null && (told == null || clearing != null);
  }

  /** True at {@code now} and, as far as is known, since {@code began}. */
  Track confirmed(Instant began, Instant now) {
    Track thawed = thawed(now);
    Instant first = began.isBefore(thawed.since) ? began : thawed.since;
    return new Track(first, thawed.seenAt, null, null, told);
  }

  Track cleared(boolean gone, Instant now) {
    Track thawed = thawed(now);
    Instant start = thawed.clearing == null ? now : thawed.clearing.since();
    return new Track(thawed.since, thawed.seenAt, new Clearing(start, gone), null, told);
  }

  Track frozen(boolean held, Instant from, Instant now) {
    Instant at = freeze == null ? start(from) : freeze.at();
    Instant unknownSince = freeze == null ? at : freeze.unknownSince();
    Instant counted = held ? null : unknownSince == null ? now : unknownSince;
    return new Track(since, seenAt, clearing, new Freeze(at, counted), told);
  }

  Track told(Symptom symptom, Instant at) {
    return new Track(since, seenAt, clearing, freeze, Told.of(symptom, at));
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
    return new Track(began, seenAt.plus(lost), later, null, told);
  }
}
