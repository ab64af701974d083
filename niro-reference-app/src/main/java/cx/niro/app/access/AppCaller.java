package cx.niro.app.access;

import cx.niro.core.OrganizationId;
import cx.niro.server.spi.AccessControl;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A user or an API token of the one organization.
 *
 * @param userId the user, or the one that the token goes back to; null for tokens of the server
 * @param token what he came by; null for a session and for the administrator's token
 * @param address where he comes from; null when that is not known
 */
record AppCaller(
    String name,
    Role role,
    @Nullable String userId,
    ApiTokens.@Nullable Token token,
    @Nullable String address)
    implements AccessControl.Caller {
  static final OrganizationId ORGANIZATION = new OrganizationId("default");
  static final AppCaller ADMIN_TOKEN =
      new AppCaller("NIRO_ADMIN_TOKEN", Role.OWNER, null, null, null);

  static AppCaller of(Accounts.User user) {
    return new AppCaller(user.email(), user.role(), user.id(), null, null);
  }

  static AppCaller of(ApiTokens.Token token) {
    return new AppCaller(token.name(), token.role(), token.userId(), token, null);
  }

  AppCaller from(String known) {
    return new AppCaller(name, role, userId, token, known);
  }

  @Override
  public String roleName() {
    return role.wireName();
  }

  /** For the log: an id, no name. */
  String id() {
    if (token != null) {
      return "token " + token.keyId();
    }
    return userId == null ? name : "user " + userId;
  }

  @Nullable String tokenId() {
    return token == null ? null : token.keyId();
  }

  boolean isToken(String keyId) {
    return token != null && token.keyId().equals(keyId);
  }

  boolean mayAdminister() {
    return role.may(AccessControl.Permission.ADMINISTER);
  }

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
