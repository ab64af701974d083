package cx.niro.core.policy;

import java.util.Locale;

/** How one object stands to one rule; a score counts the first two only. */
public enum PolicyState {
  PASS,
  FAIL,
  /** It fails, or nobody can tell, and somebody gave a reason why that is right. */
  EXEMPT,
  /** The rule is not about objects like this, or not in this version or profile. */
  NOT_APPLICABLE,
  /** What the rule reads was not reported: an open finding stays open, none opens. */
  UNKNOWN;

  /** The name on the wire and in the REST API, for example {@code not_applicable}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
