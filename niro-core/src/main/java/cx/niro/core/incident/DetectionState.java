package cx.niro.core.incident;

/**
 * What detection remembers of one cluster between evaluations: pending conditions, latches,
 * counters. Opaque; bounded in size; stored as text with the session.
 */
public record DetectionState(String text) {
  /** Nothing remembered: the first evaluation only takes baselines. */
  public static final DetectionState EMPTY = new DetectionState("");
}
