package cx.niro.core.incident;

import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the engine has to know of a rule before it asks it. {@link #of} gives a rule that reads no
 * section, opens and clears at the first sample, is not asked while the cluster is silent, and is
 * asked at every evaluation otherwise.
 *
 * @param reads sections without which the rule can tell nothing: while one is failed or off the
 *     rule is not asked, and while one is not complete a scope that the rule does not mention is
 *     unknown instead of deleted
 * @param openAfter how long the condition must be true
 * @param clearAfter how long it must be false
 * @param whileSilent whether the rule is about heartbeats rather than about their content
 * @param goesBy the sections by whose objects alone it finds that something is wrong; null when it
 *     goes by more, see {@link #goingBy(Section...)}
 */
public record RuleSpec(
    IncidentType type,
    Set<Section> reads,
    Duration openAfter,
    Duration clearAfter,
    boolean whileSilent,
    @Nullable Set<Section> goesBy) {

  public RuleSpec {
    reads = Set.copyOf(reads);
    goesBy = goesBy == null ? null : Set.copyOf(goesBy);
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
    return new RuleSpec(type, Set.of(), Duration.ZERO, Duration.ZERO, false, null);
  }

  /** The same, reading these sections. */
  public RuleSpec reads(Section... sections) {
    return new RuleSpec(type, Set.of(sections), openAfter, clearAfter, whileSilent, goesBy);
  }

  /** The same, opening when the condition was true for this long. */
  public RuleSpec openAfter(Duration time) {
    return new RuleSpec(type, reads, time, clearAfter, whileSilent, goesBy);
  }

  /** The same, resolving when the condition was false for this long. */
  public RuleSpec clearAfter(Duration time) {
    return new RuleSpec(type, reads, openAfter, time, whileSilent, goesBy);
  }

  /** The same, asked even while no heartbeat arrives. */
  public RuleSpec evenWhileSilent() {
    return new RuleSpec(type, reads, openAfter, clearAfter, true, goesBy);
  }

  /**
   * The same, not asked in vain. The rule promises: where nothing is wrong, nothing comes to be
   * wrong before an object of these sections changes, or the state of any section, the environment,
   * {@link cx.niro.core.snapshot.ClusterSnapshot#info}, or the cluster's clock; or before the
   * {@link Judgement#recheckAt} that it asked for. Until then it is left alone while none of its
   * conditions is pending or open. Not for rules that read the beat, {@link RuleInput#facts} or
   * {@link RuleInput#liveness}.
   */
  public RuleSpec goingBy(Section... sections) {
    return new RuleSpec(type, reads, openAfter, clearAfter, whileSilent, Set.of(sections));
  }
}
