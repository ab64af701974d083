package cx.niro.app.access;

import cx.niro.server.spi.AccessControl.Permission;
import java.util.Locale;

/** What a user or an API token may do. */
public enum Role {
  OWNER,
  VIEWER;

  /** Owners everything, viewers only look. */
  boolean may(Permission permission) {
    return this == OWNER || permission == Permission.READ;
  }

  /** The name in the database and in JSON. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Role parse(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
