package cx.niro.core.policy;

import java.util.Locale;

/**
 * Which of the Pod Security Standards a cluster or a namespace is held to. Rules outside the
 * standards do not depend on it.
 */
public enum PolicyProfile {
  /** No rule of the standards applies. */
  OFF,
  /** Baseline counts in full, restricted one severity lower. */
  BASELINE,
  /** Restricted counts in full and replaces the baseline rules that it is stricter than. */
  RESTRICTED;

  /** The name on the wire and in the REST API, for example {@code baseline}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
