package cx.niro.core.incident.rules;

import cx.niro.core.incident.RuleInput;
import cx.niro.core.snapshot.Condition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one node's Ready condition.
 *
 * @param status the status last seen, as a number
 * @param transition its lastTransitionTime in the cluster's epoch milliseconds; 0 when absent
 * @param times when it changed between True and anything else, by the server's clock, oldest first
 */
record ReadyChanges(long status, long transition, List<Instant> times) {
  private static final int MAX_TIMES = 24;
  private static final long TRUE = 1;

  /** The first sight, or the next one after {@code before}; {@code input} is null to not count. */
  static ReadyChanges next(
      @Nullable ReadyChanges before, Condition ready, @Nullable RuleInput input) {
    long status = number(ready.status());
    long transition = ready.lastTransitionAt() == null ? 0 : ready.lastTransitionAt();
    List<Instant> times = before == null ? List.of() : new ArrayList<>(before.times);
    if (before != null && input != null) {
      Instant at = input.serverTime(ready.lastTransitionAt());
      for (int i = 0; i < before.changesTo(status, transition); i++) {
        times.add(at == null ? input.now() : at);
      }
    }
    return new ReadyChanges(status, transition, times);
  }

  /** A status that is the same since another instant was left and taken up again in between. */
  private int changesTo(long nextStatus, long nextTransition) {
    if (nextStatus == status) {
      return nextTransition == transition ? 0 : 2;
    }
    return status == TRUE || nextStatus == TRUE ? 1 : 0;
  }

  /** Without the changes before then, and without more than can be remembered. */
  ReadyChanges since(Instant oldest) {
    List<Instant> kept = times.stream().filter(at -> !at.isBefore(oldest)).toList();
    int surplus = Math.max(0, kept.size() - MAX_TIMES);
    return new ReadyChanges(status, transition, kept.subList(surplus, kept.size()));
  }

  List<Long> numbers() {
    List<Long> numbers = new ArrayList<>(List.of(status, transition));
    times.forEach(at -> numbers.add(at.toEpochMilli()));
    return numbers;
  }

  /** Null for no numbers. */
  static @Nullable ReadyChanges of(List<Long> numbers) {
    if (numbers.size() < 2) {
      return null;
    }
    List<Instant> times =
        numbers.subList(2, numbers.size()).stream().map(Instant::ofEpochMilli).toList();
    return new ReadyChanges(numbers.get(0), numbers.get(1), times);
  }

  private static long number(String status) {
    return switch (status) {
      case "True" -> TRUE;
      case "False" -> 0;
      default -> 2;
    };
  }
}
