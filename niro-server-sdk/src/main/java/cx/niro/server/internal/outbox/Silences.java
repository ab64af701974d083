package cx.niro.server.internal.outbox;

import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.StoreTx;
import java.time.Instant;
import java.util.Optional;

/** Who wants not to hear of an incident for a while: silences and maintenance windows. */
@FunctionalInterface
public interface Silences {
  /** Nobody. */
  Silences NONE = (tx, now) -> (cluster, incident) -> Optional.empty();

  /** Those of one moment, for any number of incidents. */
  Book at(StoreTx tx, Instant now);

  /** What is silent at that moment; for one transaction. */
  @FunctionalInterface
  interface Book {
    /** Until when nothing is told of the incident; empty when it may be told now. */
    Optional<Instant> until(ClusterRow cluster, IncidentRow incident);
  }
}
