package cx.niro.core.incident;

import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What the engine has to know of a rule before it asks it. {@link #of} gives a rule that reads no
 * section, opens and clears at the first sample, and is not asked while the cluster is silent.
 *
 * @param reads sections without which the rule can tell nothing: while one is failed or off the
 *     rule is not asked, and while one is not complete a scope that the rule does not mention is
 *     unknown instead of deleted
 * @param openAfter how long the condition must be true
 * @param clearAfter how long it must be false
 * @param whileSilent whether the rule is about heartbeats rather than about their content
 */
public record RuleSpec(
    IncidentType type,
    Set<Section> reads,
    Duration openAfter,
    Duration clearAfter,
    boolean whileSilent) {

  public RuleSpec {
    reads = Set.copyOf(reads);
    if (openAfter.isNegative() || clearAfter.isNegative()) {
      throw new IllegalArgumentException(
          "rule "
              + type
              + ": openAfter and clearAfter must not be negative, but were "
              + List.of(openAfter, clearAfter));
    }
  }

  /** A rule for incidents of this type. */
  public static RuleSpec of(IncidentType type) {
    return new RuleSpec(type, Set.of(), Duration.ZERO, Duration.ZERO, false);
  }

  /** The same, reading these sections. */
  public RuleSpec reads(Section... sections) {
    return new RuleSpec(type, Set.of(sections), openAfter, clearAfter, whileSilent);
  }

  /** The same, opening when the condition was true for this long. */
  public RuleSpec openAfter(Duration time) {
    return new RuleSpec(type, reads, time, clearAfter, whileSilent);
  }

  /** The same, resolving when the condition was false for this long. */
  public RuleSpec clearAfter(Duration time) {
    return new RuleSpec(type, reads, openAfter, time, whileSilent);
  }

  /** The same, asked even while no heartbeat arrives. */
  public RuleSpec evenWhileSilent() {
    return new RuleSpec(type, reads, openAfter, clearAfter, true);
  }
}
