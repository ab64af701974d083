package cx.niro.core.incident.rules;

import cx.niro.core.incident.IncidentRule;
import java.util.List;

/** The rules of {@code DetectionEngine.standard()}, for engines with more or fewer. */
public final class StandardRules {
  private StandardRules() {}

  /** One of each, at its default thresholds. */
  public static List<IncidentRule> all() {
    return List.of(
        new ClusterOffline(), new AgentDuplicate(), new NodeNotReady(), new PodCrashLooping());
  }
}
