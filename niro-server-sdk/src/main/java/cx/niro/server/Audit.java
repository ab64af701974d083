package cx.niro.server;

import cx.niro.core.AuditId;
import cx.niro.core.OrganizationId;
import cx.niro.server.spi.AuditFilter;
import cx.niro.server.spi.AuditRow;
import cx.niro.server.spi.Page;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who did what. An entry is durable before the thing is done and gets its outcome afterwards, so
 * nothing is done that is not in it; what has no outcome was cut short by the end of the process.
 * The REST API writes its own calls; write yours beside them. All calls block and are safe from any
 * thread.
 */
public interface Audit {
  /** Writes down what is about to be done. */
  AuditId begin(Deed deed);

  /**
   * Writes down what came of it.
   *
   * @param outcome {@link AuditRow#DONE} or a code in snake_case
   * @param object what it was about, when that is known only now what was made
   */
  void end(AuditId id, String outcome, String object);

  /** Newest first. */
  Page<AuditRow> list(Set<OrganizationId> organizations, AuditFilter filter, Page.Request page);

  /**
   * What somebody asks for; {@link AuditRow} says what the parts mean. Texts that are too long are
   * cut.
   */
  record Deed(
      OrganizationId organization,
      String actor,
      String role,
      @Nullable String address,
      String action,
      String object) {}
}
