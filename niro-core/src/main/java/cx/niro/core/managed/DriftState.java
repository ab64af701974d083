package cx.niro.core.managed;

import java.util.Locale;

/** Whether the cluster holds what a revision wants. */
public enum DriftState {
  IN_SYNC,
  DRIFTED,
  /** Some objects could not be compared and no other differs. */
  UNKNOWN;

  /** The name on the wire and in the REST API, for example {@code in_sync}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
