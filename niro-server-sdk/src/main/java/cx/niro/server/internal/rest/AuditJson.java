package cx.niro.server.internal.rest;

import cx.niro.server.spi.AuditRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Who did what. */
public record AuditJson(
    String id,
    Instant at,
    String organization,
    String actor,
    String role,
    @Nullable String address,
    String action,
    String object,
    String outcome,
    @Nullable String code) {

  public static AuditJson of(AuditRow row) {
    String outcome = row.outcome();
    boolean done = AuditRow.DONE.equals(outcome);
    return new AuditJson(
        row.id().value(),
        row.at(),
        row.organization().value(),
        row.actor(),
        row.role(),
        row.address(),
        row.action(),
        row.object(),
        outcome == null ? "unknown" : done ? AuditRow.DONE : "refused",
        done ? null : outcome);
  }
}
