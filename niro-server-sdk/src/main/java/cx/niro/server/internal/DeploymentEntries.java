package cx.niro.server.internal;

import cx.niro.core.managed.DriftState;
import cx.niro.server.spi.ApplyRow;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.TimelineEntry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The lines of a timeline about managed deployments. */
final class DeploymentEntries {
  private DeploymentEntries() {}

  static TimelineEntry sent(DeploymentRow row, ApplyRow apply) {
    return entry(row, apply, apply.requestedAt(), "apply_sent", " was sent");
  }

  static TimelineEntry finished(DeploymentRow row, ApplyRow apply, Instant at) {
    return entry(row, apply, at, "apply_finished", " ended: " + apply.status().wireName());
  }

  private static TimelineEntry entry(
      DeploymentRow row, ApplyRow apply, Instant at, String kind, String what) {
    Map<String, String> details = details(row, apply.requestedBy());
    details.put("revision", String.valueOf(apply.revision()));
    details.put("command", apply.command().value());
    details.put("status", apply.status().wireName());
    if (apply.reason() != null) {
      details.put("reason", apply.reason());
    }
    String summary =
        "Apply of %s, revision %d, by %s,%s"
            .formatted(row.name(), apply.revision(), apply.requestedBy(), what);
    return new TimelineEntry(row.cluster(), at, kind, summary, details);
  }

  static TimelineEntry deletion(DeploymentRow row, CommandRow command, Instant at, String how) {
    String actor = command.request().createdBy();
    Map<String, String> details = details(row, actor);
    details.put("command", command.id().value());
    String reason = row.applied().reason();
    if (reason != null) {
      details.put("reason", reason);
    }
    String summary = "Deployment " + row.name() + " " + how + " by " + actor;
    return new TimelineEntry(row.cluster(), at, "deployment_deletion", summary, details);
  }

  static TimelineEntry forgotten(DeploymentRow row, String actor, Instant at) {
    String summary =
        "Deployment " + row.name() + " was forgotten by " + actor + "; its objects stay";
    return new TimelineEntry(
        row.cluster(), at, "deployment_deletion", summary, details(row, actor));
  }

  static TimelineEntry drift(DeploymentRow row, DriftState state, Instant at) {
    String summary =
        switch (state) {
          case IN_SYNC -> "Deployment " + row.name() + " is in sync";
          case DRIFTED -> "Deployment " + row.name() + " has drifted";
          case UNKNOWN -> "Whether deployment " + row.name() + " has drifted is not known";
        };
    Map<String, String> details = Map.of("deployment", row.name(), "state", state.wireName());
    return new TimelineEntry(row.cluster(), at, "drift", summary, details);
  }

  private static Map<String, String> details(DeploymentRow row, String actor) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("deployment", row.name());
    details.put("actor", actor);
    return details;
  }
}
