package cx.niro.core.incident;

import cx.niro.core.Environment;
import cx.niro.core.incident.rules.StandardRules;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Section;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns what is seen of a cluster into incidents: a pure function over rules; safe from any thread.
 * Conditions are intervals on the server's clock, so an unchanged heartbeat needs no evaluation: it
 * is a sample equal to the last one. Evaluate
 *
 * <ul>
 *   <li>a beat that changed content, or that says that a superseded agent goes on,
 *   <li>a beat whose arrival some rule {@linkplain #heeds heeds},
 *   <li>the first beat after {@code offlineAfter} of silence, whatever its content,
 *   <li>without a beat, when {@link DetectionResult#recheckAt} is reached.
 * </ul>
 */
public final class DetectionEngine {
  /** Longer than this nothing stays open or pending that nobody can tell about. */
  public static final Duration FREEZE_LIMIT = Duration.ofHours(24);

  /** Conditions of one cluster, pending and open ones together; more are not taken up. */
  public static final int MAX_CONDITIONS = 1_000;

  private final List<IncidentRule> rules;
  private final List<Inhibition> inhibitions;
  private final BiConsumer<IncidentRule, RuntimeException> failures;

  private DetectionEngine(
      List<IncidentRule> rules,
      List<Inhibition> inhibitions,
      BiConsumer<IncidentRule, RuntimeException> failures) {
    this.rules = List.copyOf(rules);
    this.inhibitions = List.copyOf(inhibitions);
    this.failures = failures;
    Set<IncidentType> types = new HashSet<>();
    for (IncidentRule rule : this.rules) {
      if (!types.add(rule.spec().type())) {
        throw new IllegalArgumentException("two rules for incident type " + rule.spec().type());
      }
    }
    InhibitionOrder.of(types, this.inhibitions);
  }

  /** An engine with the rules that Niro brings, at their default thresholds. */
  public static DetectionEngine standard() {
    return of(StandardRules.all());
  }

  /** An engine with these rules, one for each type; it logs the first failure of each. */
  public static DetectionEngine of(List<IncidentRule> rules) {
    return of(rules, new FirstFailures());
  }

  /**
   * The same, telling {@code failures} about each exception of a rule, on the evaluating thread.
   */
  public static DetectionEngine of(
      List<IncidentRule> rules, BiConsumer<IncidentRule, RuntimeException> failures) {
    return new DetectionEngine(rules, StandardRules.inhibitions(), failures);
  }

  /**
   * The same with more rows, which come after {@link StandardRules#inhibitions()}.
   *
   * @throws IllegalArgumentException if one type would suppress another and be suppressed by it
   */
  public DetectionEngine inhibiting(List<Inhibition> more) {
    List<Inhibition> all = new ArrayList<>(inhibitions);
    all.addAll(more);
    return new DetectionEngine(rules, all, failures);
  }

  /** The rules, in the order in which they are asked. */
  public List<IncidentRule> rules() {
    return rules;
  }

  /**
   * One evaluation; its cost is linear in the objects of the snapshot. Equal states mean that there
   * is nothing to store.
   */
  public DetectionResult evaluate(DetectionState state, DetectionInput input) {
    return evaluate(state, input, null);
  }

  /**
   * The same answer for less. With what the evaluation before left in memory, a rule is not asked
   * again where nothing that it {@linkplain RuleSpec#goingBy(Section...) goes by} has changed; by
   * which objects are the same instances, as they are in a snapshot that a delta was applied to.
   *
   * @param last of the same cluster, from the result that {@code state} came with; null for none
   */
  public DetectionResult evaluate(
      DetectionState state, DetectionInput input, @Nullable Recollection last) {
    Remembered known = last == null ? null : last.remembered(state, rules);
    return known == null
        ? new Evaluation(StateText.read(state.text()), input)
            .run(rules, inhibitions, failures, null)
        : new Evaluation(known, input).run(rules, inhibitions, failures, last);
  }

  /**
   * Whether some rule would judge by how heartbeats arrived {@code now} otherwise than by {@code
   * before}, which the last evaluation was given.
   */
  public boolean heeds(BeatFacts before, BeatFacts now) {
    if (before.equals(now)) {
      return false;
    }
    for (IncidentRule rule : rules) {
      try {
        if (rule.heeds(before, now)) {
          return true;
        }
      } catch (RuntimeException e) {
        failures.accept(rule, e);
      }
    }
    return false;
  }

  /**
   * What is wrong in a cluster of which there is this one snapshot and no history, the worst first.
   * How long something lasts is taken from the objects' own times; what has none is pending, unless
   * its rule opens at once.
   *
   * @param now by the clock of the objects
   */
  public List<Diagnosis> diagnose(ClusterSnapshot snapshot, Environment environment, Instant now) {
    return new SingleLook(snapshot, environment).at(now, rules, inhibitions, failures);
  }

  private static final class FirstFailures implements BiConsumer<IncidentRule, RuntimeException> {
    private final System.Logger log = System.getLogger(DetectionEngine.class.getName());
    private final Set<IncidentType> seen = ConcurrentHashMap.newKeySet();

    @Override
    public void accept(IncidentRule rule, RuntimeException failure) {
      if (seen.add(rule.spec().type())) {
        log.log(Level.WARNING, "rule " + rule.spec().type() + " failed", failure);
      }
    }
  }
}
