package cx.niro.agent.spi;

import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Usage;

/**
 * What an {@link InventorySource} sees at one moment. Usage holds every figure that is known; the
 * agent itself sends only what moved noticeably.
 */
public record Observation(ClusterSnapshot snapshot, Usage usage) {
  /** Nothing seen, nothing measured. */
  public static final Observation EMPTY = of(ClusterSnapshot.EMPTY);

  /** An observation without usage figures. */
  public static Observation of(ClusterSnapshot snapshot) {
    return new Observation(snapshot, Usage.EMPTY);
  }
}
