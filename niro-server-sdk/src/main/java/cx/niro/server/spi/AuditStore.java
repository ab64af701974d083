package cx.niro.server.spi;

import cx.niro.core.AuditId;
import cx.niro.core.OrganizationId;
import java.util.Set;

/** Who did what. It outlives the clusters that it tells of. */
public interface AuditStore {
  void append(AuditRow entry);

  /** Writes how it ended and what it was about; does nothing when there is no such entry. */
  void end(AuditId id, String outcome, String object);

  /** Newest first. Pages stay stable while entries arrive. */
  Page<AuditRow> list(Set<OrganizationId> organizations, AuditFilter filter, Page.Request page);
}
