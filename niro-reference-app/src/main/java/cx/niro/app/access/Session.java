package cx.niro.app.access;

import cx.niro.core.SecretHash;

/**
 * A login just made.
 *
 * @param token for the cookie, in clear text
 */
record Session(String token, Accounts.User user) {

  /** Proves that a request comes from our own page: only that can read it. */
  static String csrfToken(String sessionToken) {
    return SecretHash.of("csrf\n" + sessionToken).hex();
  }

  /** Names no secret. */
  @Override
  public String toString() {
    return "Session(" + user.email() + ")";
  }
}
