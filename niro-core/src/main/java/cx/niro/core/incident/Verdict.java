package cx.niro.core.incident;

/** Whether a rule's condition holds, as far as one evaluation can tell. */
public enum Verdict {
  /** It holds: opens an incident once it did so for long enough. */
  TRUE,
  /** It does not hold: resolves an incident once it did so for long enough. */
  FALSE,
  /** Nobody can tell: freezes all timers, for at most {@link DetectionEngine#FREEZE_LIMIT}. */
  UNKNOWN,
  /** Deliberately not judged, for example in maintenance: freezes all timers without a limit. */
  HELD
}
