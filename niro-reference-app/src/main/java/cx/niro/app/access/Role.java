package cx.niro.app.access;

import cx.niro.server.spi.AccessControl.Permission;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a user or an API token may do; from the strongest to the weakest. */
public enum Role {
  /** Everything, and makes other owners. */
  OWNER,

  /** Everything but making or removing owners. */
  ADMIN,

  /** Adds and changes clusters and sends commands; deletes no cluster, adds no user. */
  MEMBER,

  /** Only looks. */
  VIEWER;

  boolean may(Permission permission) {
    return switch (permission) {
      case READ -> true;
      case WRITE -> reaches(MEMBER);
      case ADMINISTER -> reaches(ADMIN);
    };
  }

  /** The wire names of what it may do. */
  List<String> permissions() {
    return Arrays.stream(Permission.values())
        .filter(this::may)
        .map(permission -> permission.name().toLowerCase(Locale.ROOT))
        .toList();
  }

  /** Whether it is as strong as {@code other}, or stronger. */
  boolean reaches(Role other) {
    return compareTo(other) <= 0;
  }

  /** The name in the database and in JSON. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Role parse(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
