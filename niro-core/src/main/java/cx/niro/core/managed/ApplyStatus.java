package cx.niro.core.managed;

import java.util.Locale;

/** How an apply or a delete ended. */
public enum ApplyStatus {
  SUCCEEDED,
  /** The cluster was changed, but not all of it is as wanted. */
  PARTIAL,
  /** The cluster was not changed. */
  FAILED;

  /** The name on the wire and in the REST API, for example {@code succeeded}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
