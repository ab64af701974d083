package cx.niro.core.incident;

import cx.niro.core.snapshot.Section;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rules need not be asked at one evaluation, because their answer of the last one stands:
 * nothing was wrong, nothing that they go by changed, and their time has not come. For one thread.
 */
final class Standing {
  /** For rules that asked for no time. */
  private static final Instant EVER = Instant.MAX;

  private final @Nullable Recollection last;
  private final Set<Section> changed;
  private final Instant now;
  private final Instant[] next;

  private Standing(@Nullable Recollection last, Set<Section> changed, Instant now, Instant[] next) {
    this.last = last;
    this.changed = changed;
    this.now = now;
    this.next = next;
  }

  static Standing of(@Nullable Recollection last, DetectionInput input, int rules) {
    Set<Section> changed = last == null ? null : last.changed(input);
    Instant[] next = new Instant[rules];
    return changed == null
        ? new Standing(null, Collections.emptySet(), input.now(), next)
        : new Standing(last, changed, input.now(), next);
  }

  /** Whether the answer stands; it then does in the next evaluation too. */
  boolean holds(int place, RuleSpec spec) {
    Instant until = last == null ? null : last.standsUntil(place);
    Set<Section> goesBy = spec.goesBy();
    if (until == null || goesBy == null || !until.isAfter(now)) {
      return false;
    }
    for (Section section : goesBy) {
      if (changed.contains(section)) {
        return false;
      }
    }
    next[place] = until;
    return true;
  }

  /** When the rule at this place, whose answer stands, wants to be asked again; null for never. */
  @Nullable Instant dueAt(int place) {
    return EVER.equals(next[place]) ? null : next[place];
  }

  /** The rule said that nothing is wrong and need not be asked before then; null for never. */
  void stands(int place, @Nullable Instant until) {
    next[place] = until == null ? EVER : until;
  }

  Instant[] next() {
    return next;
  }
}
