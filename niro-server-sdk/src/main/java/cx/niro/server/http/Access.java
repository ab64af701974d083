package cx.niro.server.http;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.OrganizationId;
import cx.niro.server.ClusterView;
import cx.niro.server.spi.AccessControl.Caller;
import cx.niro.server.spi.AccessControl.Permission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls the REST API and what of it he sees.
 *
 * @param organizations those that he may read
 * @param trail null when the call only reads
 */
record Access(Caller caller, Set<OrganizationId> organizations, @Nullable Trail trail) {

  /** The organization of this name, or where his things go when he names none. */
  OrganizationId organization(@Nullable String wanted) {
    if (wanted == null) {
      return caller.defaultOrganization();
    }
    return organizations.stream()
        .filter(organization -> organization.value().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new FieldException(
                    ErrorCode.NOT_FOUND,
                    "organization",
                    "there is no organization " + Shown.text(wanted)));
  }

  boolean sees(ClusterView view) {
    return organizations.contains(view.cluster().organization());
  }

  /** The same for a call of which the audit tells. */
  Access with(Trail followed) {
    return new Access(caller, organizations, followed);
  }

  /**
   * Refuses with {@code forbidden} what he sees but may not do. From here on the audit knows of a
   * call that changes something.
   */
  void require(Permission permission, OrganizationId organization) {
    if (trail != null) {
      trail.begin(organization);
    }
    if (!caller.may(permission, organization)) {
      throw new InvalidRequestException(
          ErrorCode.FORBIDDEN,
          caller.name() + " may read in organization " + organization + " but not do this there");
    }
  }
}
