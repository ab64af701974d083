package cx.niro.core;

import java.util.Locale;

/**
 * What a user says a cluster is for; it changes the severity of policy findings and is never
 * inferred.
 */
public enum Environment {
  UNSPECIFIED,
  DEV,
  STAGING,
  PRODUCTION;

  /** The name on the wire and in the REST API, for example {@code production}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
