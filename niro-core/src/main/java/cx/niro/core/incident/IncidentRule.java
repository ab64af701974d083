package cx.niro.core.incident;

import java.util.List;

/**
 * One kind of incident: a pure function from what is seen of a cluster to a verdict for each scope
 * that it is about. The {@link DetectionEngine} does the rest: how long a condition lasted,
 * freezing while nobody can tell, opening, updating and resolving once.
 *
 * <p>A rule is called from any thread, also from several at once for different clusters, so it
 * keeps nothing in fields; what it needs from one evaluation to the next goes into {@link
 * RuleInput#memory()}. A rule that throws counts as unknown for that evaluation.
 */
public abstract class IncidentRule {
  private final RuleSpec spec;

  protected IncidentRule(RuleSpec spec) {
    this.spec = spec;
  }

  /** What was given to the constructor. */
  public final RuleSpec spec() {
    return spec;
  }

  /**
   * A judgement for every object that is there, in any order: {@link Judgement#no} for the healthy
   * ones too, because a scope that is not mentioned counts as deleted.
   */
  protected abstract List<Judgement> judge(RuleInput input);

  /**
   * Whether the rule would judge by {@code now} otherwise than by {@code before}, by which it was
   * asked last. Asked at every heartbeat, so only compare; false unless the rule reads {@link
   * RuleInput#facts}.
   */
  protected boolean heeds(BeatFacts before, BeatFacts now) {
    return false;
  }
}
