package cx.niro.server.internal;

import cx.niro.core.managed.DriftState;
import cx.niro.server.internal.DriftSight.Told;
import cx.niro.server.spi.DeploymentRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about the drift of one cluster's deployments: a function of what is stored,
 * what the agent tells, and the time.
 *
 * @param looks whom to look at now
 * @param unknown of whom nothing is known any more
 * @param nextAt when time alone makes a difference; null for never
 */
record DriftPlan(List<DeploymentRow> looks, List<DeploymentRow> unknown, @Nullable Instant nextAt) {

  static DriftPlan of(List<DeploymentRow> rows, Told told, Instant now) {
    if (!told.granted()) {
      return new DriftPlan(List.of(), rows.stream().filter(DriftPlan::isKnown).toList(), null);
    }
    List<DeploymentRow> looks = new ArrayList<>();
    Instant nextAt = null;
    for (DeploymentRow row : rows) {
      Instant at = DriftPace.nextLook(row, told.mark(row.name()));
      if (at != null && !at.isAfter(now)) {
        looks.add(row);
      } else if (at != null && (nextAt == null || at.isBefore(nextAt))) {
        nextAt = at;
      }
    }
    return new DriftPlan(looks, List.of(), nextAt);
  }

  private static boolean isKnown(DeploymentRow row) {
    return row.drift() == null || row.drift().state() != DriftState.UNKNOWN;
  }
}
