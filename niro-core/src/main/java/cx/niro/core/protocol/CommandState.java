package cx.niro.core.protocol;

import java.util.Locale;

/** Where a command is on its way; the last five are final. */
public enum CommandState {
  PENDING,
  OFFERED,
  DELIVERED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  REJECTED,
  EXPIRED,
  CANCELLED;

  public boolean isFinal() {
    return compareTo(SUCCEEDED) >= 0;
  }

  /** The name on the wire and in the REST API, for example {@code succeeded}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
