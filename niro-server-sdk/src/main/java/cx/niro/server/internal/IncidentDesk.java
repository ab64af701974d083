package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.ErrorCode;
import cx.niro.core.IncidentId;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.VisibleText;
import cx.niro.core.incident.Fingerprint;
import cx.niro.server.Incidents;
import cx.niro.server.internal.outbox.Alarm;
import cx.niro.server.internal.outbox.Marks;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.SilenceRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The users' side of incidents. */
final class IncidentDesk implements Incidents {
  private final Stores stores;
  private final Platform platform;
  private final LiveClusters clusters;
  private final Alarm alarm;

  IncidentDesk(Stores stores, Platform platform, LiveClusters clusters, Alarm alarm) {
    this.stores = stores;
    this.platform = platform;
    this.clusters = clusters;
    this.alarm = alarm;
  }

  @Override
  public Page<IncidentRow> list(Set<ClusterId> clusters, IncidentFilter filter, Page.Request page) {
    return stores.inTransaction(tx -> tx.incidents().list(clusters, filter, page));
  }

  @Override
  public Optional<IncidentRow> find(IncidentId id) {
    return stores.inTransaction(tx -> tx.incidents().find(id));
  }

  @Override
  public List<View> views(Collection<IncidentRow> incidents) {
    Instant now = platform.now();
    return stores.inTransaction(
        tx -> {
          SilenceBook book = new SilenceBook(tx, now);
          return incidents.stream().map(row -> view(tx, book, row)).toList();
        });
  }

  private static View view(StoreTx tx, SilenceBook book, IncidentRow row) {
    Fingerprint cause = row.attention().suppressedBy();
    IncidentId suppressedBy =
        cause == null
            ? null
            : tx.incidents().findOpen(row.cluster(), cause).map(IncidentRow::id).orElse(null);
    SilenceRow silence = row.isOpen() ? book.covering(row).orElse(null) : null;
    return new View(row, suppressedBy, silence);
  }

  @Override
  public IncidentRow acknowledge(IncidentId id, @Nullable String note, String actor) {
    if (note != null && note.length() > NOTE_CHARS) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_FIELD,
          "note may have " + NOTE_CHARS + " characters at most, but has " + note.length());
    }
    if (note != null) {
      VisibleText.check("note", note.replace("\r\n", "").replace("\n", ""));
    }
    String text = note == null || note.isBlank() ? null : note;
    return attend(id, new IncidentRow.Acknowledged(actor, platform.now(), text), actor);
  }

  @Override
  public IncidentRow withdraw(IncidentId id, String actor) {
    return attend(id, null, actor);
  }

  /** In the lane, for detection writes the same row. */
  private IncidentRow attend(IncidentId id, IncidentRow.@Nullable Acknowledged by, String actor) {
    LiveCluster live = clusters.get(find(id).orElseThrow(() -> notFound(id)).cluster());
    return clusters.inLaneForUser(
        live,
        () -> {
          IncidentRow written = stores.inTransaction(tx -> attend(tx, id, by, actor));
          ClusterState state = live.state();
          live.become(
              state.with(
                  state.incidents().stream()
                      .map(row -> row.id().equals(id) ? written : row)
                      .toList()));
          alarm.soon(platform.now());
          return written;
        });
  }

  private IncidentRow attend(
      StoreTx tx, IncidentId id, IncidentRow.@Nullable Acknowledged by, String actor) {
    IncidentRow row = tx.incidents().find(id).orElseThrow(() -> notFound(id));
    if (by == null && row.attention().acknowledged() == null) {
      return row;
    }
    if (!row.isOpen()) {
      throw new InvalidRequestException(
          ErrorCode.INCIDENT_RESOLVED, "incident " + id + " is resolved; nobody need attend to it");
    }
    Instant now = platform.now();
    IncidentRow next = row.with(row.attention().with(by));
    tx.incidents().update(next);
    tx.timeline().append(Entries.acknowledged(next, now, actor));
    Marks.mark(tx, next, false, now);
    return next;
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
    IncidentRow row = tx.incidents().find(id).orElseThrow(() -> notFound(id));
    if (!tx.incidents().deleteResolved(id)) {
      return false;
    }
    String summary = "Incident " + row.what().type() + " was deleted";
    tx.timeline()
        .append(Entries.by(actor, row.cluster(), platform.now(), "incident_deleted", summary));
    return true;
  }

  private static InvalidRequestException notFound(IncidentId id) {
    return new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no incident " + id);
  }
}
