package cx.niro.server;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads incidents and deletes resolved ones. All calls block and are safe from any thread. */
public interface Incidents {
  /** Newest first; {@code open} null for both. */
  Page<IncidentRow> list(Set<ClusterId> clusters, @Nullable Boolean open, Page.Request page);

  Optional<IncidentRow> find(IncidentId id);

  /** Deletes a resolved incident; an open one is {@code incident_firing}. */
  void delete(IncidentId id, String actor);
}
