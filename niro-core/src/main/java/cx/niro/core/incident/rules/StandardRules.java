package cx.niro.core.incident.rules;

import cx.niro.core.incident.IncidentRule;
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
}
