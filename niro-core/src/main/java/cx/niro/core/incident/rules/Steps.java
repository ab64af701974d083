package cx.niro.core.incident.rules;

import cx.niro.core.Severity;

/** Severities of incidents, a step up or down; there is nothing below low and above high. */
final class Steps {
  private Steps() {}

  static Severity lower(Severity severity) {
    return severity == Severity.HIGH ? Severity.MEDIUM : Severity.LOW;
  }

  static Severity higher(Severity severity) {
    return severity == Severity.LOW ? Severity.MEDIUM : Severity.HIGH;
  }
}
