package cx.niro.app.access;

import cx.niro.core.OrganizationId;
import cx.niro.server.spi.AccessControl;
import java.util.Set;

/** A user or an API token of the one organization. */
record AppCaller(String name, Role role) implements AccessControl.Caller {
  static final OrganizationId ORGANIZATION = new OrganizationId("default");

  @Override
  public Set<OrganizationId> organizations() {
    return Set.of(ORGANIZATION);
  }

  @Override
  public boolean may(AccessControl.Permission permission, OrganizationId organization) {
    return organization.equals(ORGANIZATION) && role.may(permission);
  }

  @Override
  public OrganizationId defaultOrganization() {
    return ORGANIZATION;
  }
}
