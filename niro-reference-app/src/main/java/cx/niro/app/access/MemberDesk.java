package cx.niro.app.access;

import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.NiroException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds, lists and removes users; for owners and admins, and never for somebody stronger than the
 * caller. A new user chooses his password by a link that works once.
 */
final class MemberDesk {
  static final Duration INVITATION = Duration.ofDays(3);
  private static final Logger log = LoggerFactory.getLogger(MemberDesk.class);

  /** A user and the code of his link. */
  record Invited(Accounts.User user, String code, Instant expiresAt) {}

  private final Accounts accounts;
  private final ApiTokens tokens;
  private final Logins logins;
  private final CutOff cutOff;

  MemberDesk(Accounts accounts, ApiTokens tokens, Logins logins, CutOff cutOff) {
    this.accounts = accounts;
    this.tokens = tokens;
    this.logins = logins;
    this.cutOff = cutOff;
  }

  List<Accounts.User> list(AppCaller caller) {
    requireAdmin(caller);
    return accounts.users();
  }

  /** A new user, who has no password yet. */
  Invited add(AppCaller caller, String email, Role role) {
    requireAdmin(caller);
    requireReach(caller, role);
    Accounts.User user =
        logins
            .addUser(caller, email, role)
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        ErrorCode.NAME_TAKEN, "a user with that address is there already"));
    log.info("{} added user {}, {}", caller.id(), user.id(), role.wireName());
    return invited(caller, user);
  }

  /** Another link, for a lost one or a forgotten password. */
  Invited invite(AppCaller caller, String id) {
    Accounts.User user = within(caller, id);
    log.info("{} made a password link for user {}", caller.id(), id);
    return invited(caller, user);
  }

  private Invited invited(AppCaller caller, Accounts.User user) {
    Instant expiresAt = logins.now().plus(INVITATION);
    return new Invited(user, logins.newInvitation(caller, user.id(), expiresAt), expiresAt);
  }

  /**
   * Ends what revoked tokens leave behind: the links that they made and the users that they added
   * and who have no password yet.
   *
   * @param users whether users that they added are removed too when they have one; not those who
   *     are stronger than the caller, nor the last owner
   */
  void endWith(AppCaller caller, List<String> tokenIds, boolean users) {
    accounts.endInvitations(tokenIds);
    for (String id : accounts.addedBy(tokenIds, users)) {
      boolean within =
          accounts.user(id).filter(user -> caller.role().reaches(user.role())).isPresent();
      if (within && accounts.remove(id)) {
        removed(caller, id);
      }
    }
  }

  /** Removes a user; his sessions and his tokens end with him. */
  void remove(AppCaller caller, String id) {
    within(caller, id);
    if (!accounts.remove(id)) {
      throw new NiroException(ErrorCode.FORBIDDEN, "the last owner cannot be removed");
    }
    removed(caller, id);
  }

  private void removed(AppCaller caller, String id) {
    int revoked = tokens.revokeOf(id, logins.now());
    log.info("{} removed user {} and {} of his tokens", caller.id(), id, revoked);
    cutOff.end(open -> id.equals(open.userId()));
  }

  /** Another password for the caller himself; his sessions end, his tokens go on. */
  void changePassword(AppCaller caller, String current, String wanted, String address) {
    if (caller.token() != null || caller.userId() == null) {
      throw new NiroException(ErrorCode.FORBIDDEN, "an API token has no password; log in");
    }
    logins.changePassword(
        accounts.user(caller.userId()).orElseThrow(MemberDesk::notFound), current, wanted, address);
    log.info("{} changed the password", caller.id());
  }

  private Accounts.User within(AppCaller caller, String id) {
    requireAdmin(caller);
    Accounts.User user = accounts.user(id).orElseThrow(MemberDesk::notFound);
    requireReach(caller, user.role());
    return user;
  }

  private static void requireAdmin(AppCaller caller) {
    if (!caller.mayAdminister()) {
      throw new NiroException(ErrorCode.FORBIDDEN, "only owners and admins see and change users");
    }
  }

  private static void requireReach(AppCaller caller, Role role) {
    if (!caller.role().reaches(role)) {
      throw new NiroException(
          ErrorCode.FORBIDDEN, caller.role().wireName() + " has no say over " + role.wireName());
    }
  }

  private static InvalidRequestException notFound() {
    return new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no such user");
  }
}
