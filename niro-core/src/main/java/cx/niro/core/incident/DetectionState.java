package cx.niro.core.incident;

/**
 * What detection remembers of one cluster between evaluations: pending conditions, latches,
 * counters. Opaque text, stored with the session; one that is not understood, of an older version
 * for example, counts as {@link #EMPTY}. A healthy cluster of three nodes needs about 550
 * characters, a container that was ever restarted about 20, an open incident about 150. The bound,
 * which only a hostile cluster comes near, is {@link DetectionEngine#MAX_CONDITIONS} scopes of
 * {@link Scope#MAX_CHARS} characters and {@link RuleMemory#MAX_KEYS} keys a rule: below 4 MiB.
 */
public record DetectionState(String text) {
  /** Nothing remembered: the first evaluation only takes baselines. */
  public static final DetectionState EMPTY = new DetectionState("");
}
