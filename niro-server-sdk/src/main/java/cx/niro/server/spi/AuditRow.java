package cx.niro.server.spi;

import cx.niro.core.AuditId;
import cx.niro.core.OrganizationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who asked for what, and what came of it.
 *
 * @param actor the caller's name
 * @param role empty when callers have none
 * @param address where he came from; null when that is not known
 * @param action method and template, for example {@code PATCH /clusters/{cluster}}
 * @param object what it was about, for example {@code /clusters/c-1}
 * @param outcome {@link #DONE}, or the code of the refusal or failure; null until it ended, and for
 *     ever when the server died meanwhile
 */
public record AuditRow(
    AuditId id,
    OrganizationId organization,
    Instant at,
    String actor,
    String role,
    @Nullable String address,
    String action,
    String object,
    @Nullable String outcome) {
  public static final String DONE = "done";

  /** The same with its end. */
  public AuditRow ended(String how, String what) {
    return new AuditRow(id, organization, at, actor, role, address, action, what, how);
  }
}
