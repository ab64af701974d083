package cx.niro.core.incident;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Section;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation leaves in memory, so that the next one of the same cluster need not read the
 * state again nor ask every rule. It changes no answer and need not be kept: with another state or
 * other rules than those that it came from it counts for nothing. Immutable; holds the snapshot,
 * and about 11 kB for a cluster of three nodes.
 */
public final class Recollection {
  private final List<IncidentRule> rules;
  private final String text;
  private final Remembered remembered;
  private final Of of;
  private final Instant[] standUntil;

  /** Of whom, and by what. */
  record Of(ClusterId cluster, Environment environment, ClusterSnapshot snapshot) {
    static Of input(DetectionInput input) {
      return new Of(input.cluster(), input.environment(), input.snapshot());
    }
  }

  /**
   * @param standUntil by the place of the rule, until when its answer that nothing is wrong stands;
   *     null for not at all
   */
  Recollection(
      List<IncidentRule> rules,
      DetectionState state,
      Remembered remembered,
      Of of,
      Instant[] standUntil) {
    this.rules = rules;
    this.text = state.text();
    this.remembered = remembered;
    this.of = of;
    this.standUntil = standUntil;
  }

  /** What the state says; null when it is another one, or when others are to be asked. */
  @Nullable Remembered remembered(DetectionState state, List<IncidentRule> asked) {
    return rules == asked && text.equals(state.text()) ? remembered : null;
  }

  /** Until when the rule at this place need not be asked, if nothing changed; null for not. */
  @Nullable Instant standsUntil(int place) {
    return standUntil[place];
  }

  /**
   * The sections whose objects are others now; null when something changed that all rules go by. A
   * delta leaves the lists of the other sections the very same.
   */
  @Nullable Set<Section> changed(DetectionInput now) {
    ClusterSnapshot was = of.snapshot();
    ClusterSnapshot is = now.snapshot();
    boolean same =
        of.cluster().equals(now.cluster())
            && of.environment() == now.environment()
            && was.info().equals(is.info())
            && was.sections().equals(is.sections());
    if (!same) {
      return null;
    }
    Set<Section> changed = EnumSet.noneOf(Section.class);
    for (Section section : Section.values()) {
      if (was.objects().of(section) != is.objects().of(section)) {
        changed.add(section);
      }
    }
    return changed;
  }
}
