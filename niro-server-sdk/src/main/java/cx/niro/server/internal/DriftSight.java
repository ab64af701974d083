package cx.niro.server.internal;

import cx.niro.core.snapshot.Capabilities;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ManagedMark;
import cx.niro.server.spi.DeploymentRow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one cluster's agent tells of its managed deployments, and when {@link DriftWatch} is to look
 * at it; in the lane of the cluster. Never due for a cluster whose agent has told of none.
 */
final class DriftSight {
  /**
   * @param granted whether the agent may compare
   */
  record Told(List<ManagedMark> marks, boolean granted) {
    static final Told NOTHING = new Told(List.of(), false);

    static Told of(ClusterInfo info) {
      return new Told(info.managed(), info.capabilities().has(Capabilities.APPLY));
    }

    @Nullable String mark(String deployment) {
      return marks.stream()
          .filter(mark -> mark.name().equals(deployment))
          .map(ManagedMark::mark)
          .findFirst()
          .orElse(null);
    }
  }

  private ClusterInfo info = ClusterInfo.EMPTY;
  private Told told = Told.NOTHING;
  private boolean concerned;
  private boolean waiting;
  private @Nullable Instant heardAt;
  private @Nullable Instant dueAt;
  private @Nullable List<DeploymentRow> rows;

  Told told() {
    return told;
  }

  /** After each step of the cluster: whether its agent told something else, or is back. */
  void see(ClusterInfo next, @Nullable Instant lastBeatAt, Instant now) {
    if (waiting && lastBeatAt != null && !lastBeatAt.equals(heardAt)) {
      waiting = false;
      dueAt = now;
    }
    heardAt = lastBeatAt;
    if (next.equals(info)) {
      return;
    }
    info = next;
    Told said = Told.of(next);
    concerned |= !said.marks().isEmpty();
    if (!said.equals(told)) {
      told = said;
      dueAt = concerned ? now : null;
    }
  }

  @Nullable Instant dueAt() {
    return dueAt;
  }

  boolean isDue(Instant now) {
    return dueAt != null && !dueAt.isAfter(now);
  }

  void nextAt(@Nullable Instant at) {
    dueAt = at;
  }

  /** Not later than that. */
  void within(Instant at) {
    dueAt = dueAt == null || at.isBefore(dueAt) ? at : dueAt;
  }

  /** Nothing is to be done before the next beat. */
  void waitForBeat() {
    dueAt = null;
    waiting = true;
  }

  /** A command about a deployment has ended. */
  void ended(Instant now) {
    rows = null;
    dueAt = concerned ? now : null;
  }

  /** Null when they are to be read. */
  @Nullable List<DeploymentRow> rows() {
    return rows;
  }

  /** As they are stored now; null when somebody has changed them. */
  void rows(@Nullable List<DeploymentRow> stored) {
    rows = stored;
  }
}
