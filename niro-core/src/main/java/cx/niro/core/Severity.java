package cx.niro.core;

import java.util.Locale;

/**
 * How bad an incident or a finding is, from the least to the worst; {@link #INFO} is for findings
 * only.
 */
public enum Severity {
  INFO,
  LOW,
  MEDIUM,
  HIGH;

  /** The name on the wire and in the REST API, for example {@code high}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
