package cx.niro.server.spi;

import cx.niro.core.OrganizationId;
import cx.niro.server.http.NiroRequest;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may use the REST API, and on which organizations' clusters. Called on the server's
 * executor for every REST call; may block.
 */
public interface AccessControl {
  /**
   * Who calls; empty for nobody known, which is answered 401. Throw {@code forbidden} to refuse a
   * known caller (a bad CSRF token).
   */
  Optional<Caller> authenticate(NiroRequest request);

  /** A caller and what he may do. */
  interface Caller {
    /** For the timeline, the audit and the log. */
    String name();

    /** What he is in your program, for the audit; empty by default. */
    default String roleName() {
      return "";
    }

    /** Where he comes from, for the audit; null by default, for the connection's address. */
    default @Nullable String address() {
      return null;
    }

    /**
     * Organizations whose clusters he sees; whatever belongs to another one does not exist for him.
     */
    Set<OrganizationId> organizations();

    /** Whether he may do this there; asked only for organizations he sees. */
    boolean may(Permission permission, OrganizationId organization);

    /** Where a cluster goes that he makes without naming an organization. */
    OrganizationId defaultOrganization();
  }

  /** What can be allowed. */
  enum Permission {
    READ,
    WRITE,
    ADMINISTER
  }
}
