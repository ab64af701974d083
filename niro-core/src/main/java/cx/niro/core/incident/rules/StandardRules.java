package cx.niro.core.incident.rules;

import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.Inhibition;
import java.util.List;

/** The rules of {@code DetectionEngine.standard()}, for engines with more or fewer. */
public final class StandardRules {
  private StandardRules() {}

  /** One of each, at its default thresholds. */
  public static List<IncidentRule> all() {
    return all(Thresholds.standard());
  }

  /** One of each, at these thresholds. */
  public static List<IncidentRule> all(Thresholds thresholds) {
    return List.of(
        new ClusterOffline(),
        new AgentDuplicate(),
        new NodeNotReady(thresholds),
        new PodCrashLooping(thresholds));
  }

  /** Which incident explains which, in the order in which a cause is looked for. */
  public static List<Inhibition> inhibitions() {
    return StandardInhibitions.ALL;
  }
}
