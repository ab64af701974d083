package cx.niro.core.managed;

import java.util.Locale;

/** How an apply or a delete ended. */
public enum ApplyStatus {
  SUCCEEDED,
  /** Some objects are as wanted, and others are not. */
  PARTIAL,
  /** No object is as wanted; after an invalid one nothing was changed. */
  FAILED;

  /** The name on the wire and in the REST API, for example {@code succeeded}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
