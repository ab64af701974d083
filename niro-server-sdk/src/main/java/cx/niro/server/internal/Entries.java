package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.protocol.CommandResult;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.SilenceRow;
import cx.niro.server.spi.TimelineEntry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lines that a timeline is made of, in one place, so that they read alike. */
final class Entries {
  private Entries() {}

  static TimelineEntry of(ClusterId cluster, Instant at, String kind, String summary) {
    return new TimelineEntry(cluster, at, kind, summary, Map.of());
  }

  static TimelineEntry by(
      String actor, ClusterId cluster, Instant at, String kind, String summary) {
    return new TimelineEntry(cluster, at, kind, summary + " by " + actor, Map.of("actor", actor));
  }

  static TimelineEntry enrolled(ClusterId cluster, Instant at, Map<String, String> agent) {
    return new TimelineEntry(cluster, at, "enrolled", "An agent enrolled the cluster", agent);
  }

  static TimelineEntry keyReplaced(ClusterId cluster, Instant at) {
    return of(cluster, at, "key_replaced", "The agent uses a new key; older ones are revoked");
  }

  static TimelineEntry keyRotationAsked(ClusterId cluster, Instant at, String actor) {
    return by(actor, cluster, at, "key_rotation_asked", "A new key for the agent was asked for");
  }

  static TimelineEntry agentRestarted(ClusterId cluster, Instant at, long generation) {
    return new TimelineEntry(
        cluster,
        at,
        "agent_restarted",
        "A new agent process took over",
        Map.of("generation", String.valueOf(generation)));
  }

  static TimelineEntry goodbye(ClusterId cluster, Instant at, @Nullable String reason) {
    String why = reason == null ? "" : ": " + reason;
    return of(cluster, at, "agent_goodbye", "The agent said goodbye" + why);
  }

  static TimelineEntry incidentOpened(IncidentRow row) {
    return new TimelineEntry(
        row.cluster(),
        row.began().openedAt(),
        "incident_opened",
        row.telling().summary(),
        incident(row));
  }

  static TimelineEntry incidentResolved(IncidentRow row, Instant at) {
    return new TimelineEntry(
        row.cluster(),
        at,
        "incident_resolved",
        "Resolved: " + row.telling().summary(),
        incident(row));
  }

  /** That somebody takes care of it, or does no longer. */
  static TimelineEntry acknowledged(IncidentRow row, Instant at, String actor) {
    IncidentRow.Acknowledged by = row.attention().acknowledged();
    Map<String, String> details = new LinkedHashMap<>(incident(row));
    details.put("actor", actor);
    if (by == null) {
      String taken = "Acknowledgement taken back by " + actor + ": " + row.telling().summary();
      return new TimelineEntry(
          row.cluster(), at, "incident_acknowledgement_withdrawn", taken, details);
    }
    if (by.note() != null) {
      details.put("note", by.note());
    }
    String summary = "Acknowledged by " + actor + ": " + row.telling().summary();
    return new TimelineEntry(row.cluster(), at, "incident_acknowledged", summary, details);
  }

  static TimelineEntry silenced(ClusterId cluster, SilenceRow row, Instant at) {
    SilenceRow.Origin origin = row.origin();
    Map<String, String> details = new LinkedHashMap<>();
    details.put("silence", row.id().value());
    details.put("actor", origin.createdBy());
    details.put("startsAt", row.startsAt().toString());
    details.put("endsAt", row.endsAt().toString());
    details.put("reason", origin.reason());
    if (row.scopePrefix() != null) {
      details.put("scopePrefix", row.scopePrefix());
    }
    String summary = "Silenced by " + origin.createdBy() + ": " + origin.reason();
    return new TimelineEntry(cluster, at, "silenced", summary, details);
  }

  private static Map<String, String> incident(IncidentRow row) {
    return Map.of(
        "incident",
        row.id().value(),
        "type",
        row.what().type().name(),
        "scope",
        row.what().scope().value(),
        "severity",
        row.telling().severity().wireName());
  }

  static TimelineEntry commandSent(CommandRow row) {
    return new TimelineEntry(
        row.cluster(),
        row.request().createdAt(),
        "command_sent",
        "Command " + row.request().kind() + " was sent by " + row.request().createdBy(),
        Map.of("command", row.id().value(), "actor", row.request().createdBy()));
  }

  static TimelineEntry commandFinished(CommandRow row, Instant at) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("command", row.id().value());
    details.put("kind", row.request().kind());
    details.put("state", row.state().wireName());
    String reason = row.reason();
    if (reason != null) {
      details.put("reason", reason);
    }
    String summary = "Command " + row.request().kind() + " " + row.state().wireName();
    return new TimelineEntry(row.cluster(), at, "command_finished", summary, details);
  }

  /** The end stays as it is; what the agent says after it is told beside it. */
  static TimelineEntry commandLate(CommandRow row, CommandResult late, Instant at) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("command", row.id().value());
    details.put("kind", row.request().kind());
    details.put("state", row.state().wireName());
    details.put("said", late.state().wireName());
    String reason = late.reason();
    if (reason != null) {
      details.put("reason", reason);
    }
    String orderKey = row.request().orderKey();
    String summary =
        "Command %s%s ended %s; its agent said later: %s"
            .formatted(
                row.request().kind(),
                orderKey == null ? "" : " of " + orderKey,
                row.state().wireName(),
                late.state().wireName());
    return new TimelineEntry(row.cluster(), at, "command_late", summary, details);
  }
}
