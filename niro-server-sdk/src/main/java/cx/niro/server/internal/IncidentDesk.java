package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.ErrorCode;
import cx.niro.core.IncidentId;
import cx.niro.core.InvalidRequestException;
import cx.niro.server.Incidents;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The users' side of incidents. */
final class IncidentDesk implements Incidents {
  private final Stores stores;
  private final Platform platform;

  IncidentDesk(Stores stores, Platform platform) {
    this.stores = stores;
    this.platform = platform;
  }

  @Override
  public Page<IncidentRow> list(
      Set<ClusterId> clusters, @Nullable Boolean open, Page.Request page) {
    return stores.inTransaction(tx -> tx.incidents().list(clusters, open, page));
  }

  @Override
  public Optional<IncidentRow> find(IncidentId id) {
    return stores.inTransaction(tx -> tx.incidents().find(id));
  }

  @Override
  public void delete(IncidentId id, String actor) {
    boolean done = stores.inTransaction(tx -> delete(tx, id, actor));
    if (!done) {
      throw new InvalidRequestException(
          ErrorCode.INCIDENT_FIRING, "incident " + id + " is open; only a resolved one is deleted");
    }
  }

  private boolean delete(StoreTx tx, IncidentId id, String actor) {
    IncidentRow row =
        tx.incidents()
            .find(id)
            .orElseThrow(
                () ->
                    new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no incident " + id));
    if (!tx.incidents().deleteResolved(id)) {
      return false;
    }
    String summary = "Incident " + row.what().type() + " was deleted";
    tx.timeline()
        .append(Entries.by(actor, row.cluster(), platform.now(), "incident_deleted", summary));
    return true;
  }
}
