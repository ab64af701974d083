package cx.niro.app.bench;

import cx.niro.app.bench.Facts.Fact;
import cx.niro.app.bench.Facts.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What was acknowledged to a {@link FactLoad}, and what of it was not found again. */
public final class KillReport {
  private static final int EXAMPLES = 20;

  private final String head;
  private final List<Fact> facts;
  private final Set<Fact> missing;
  private final Set<String> doubled;
  private final Set<String> wrong;
  private final Map<String, LongAdder> refusals;

  /**
   * @param head says what was done to the server
   */
  KillReport(String head, Duration served, FactLoad load, Set<Fact> missing) {
    long answered = load.client.answered.sum();
    this.head =
        "%s%nrequests answered %d in %d s (%.0f/s), without an answer %d, of these by status %s%n"
            .formatted(
                head,
                answered,
                served.toSeconds(),
                answered * 1000.0 / served.toMillis(),
                load.client.unanswered.sum(),
                load.client.failures);
    this.facts = load.facts.all();
    this.doubled = load.facts.doubled();
    this.wrong = load.facts.wrong();
    this.missing = missing;
    this.refusals = load.refusals;
  }

  public int acknowledged() {
    return facts.size();
  }

  public int missing() {
    return missing.size();
  }

  public int doubled() {
    return doubled.size();
  }

  /** Answers that cannot be. */
  public int wrong() {
    return wrong.size();
  }

  /** Whether the server kept all its promises. */
  public boolean isClean() {
    return missing() + doubled() + wrong() == 0;
  }

  private static long count(Collection<Fact> facts, Kind kind) {
    return facts.stream().filter(fact -> fact.kind() == kind).count();
  }

  /** The table, and what is wrong. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(head);
    text.append("%-18s %12s %8s%n".formatted("fact", "acknowledged", "missing"));
    for (Kind kind : Kind.values()) {
      text.append("%-18s %12d %8d%n".formatted(kind, count(facts, kind), count(missing, kind)));
    }
    text.append("%-18s %12d %8d%n".formatted("all", acknowledged(), missing()));
    text.append("doubled %d, wrong answers %d%n".formatted(doubled(), wrong()));
    missing.stream().limit(EXAMPLES).forEach(f -> text.append("missing: %s%n".formatted(f)));
    doubled.stream().limit(EXAMPLES).forEach(d -> text.append("doubled: %s%n".formatted(d)));
    wrong.stream().limit(EXAMPLES).forEach(w -> text.append("wrong: %s%n".formatted(w)));
    new TreeMap<>(refusals)
        .forEach((what, n) -> text.append("refused: %s: %d times%n".formatted(what, n.sum())));
    return text.toString();
  }
}
