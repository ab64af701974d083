package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.OrganizationId;
import cx.niro.core.SilenceId;
import cx.niro.server.Silences;
import cx.niro.server.internal.outbox.Alarm;
import cx.niro.server.internal.outbox.Marks;
import cx.niro.server.internal.outbox.Targets;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.SilenceRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes, shows and ends silences. */
final class SilenceDesk implements Silences {
  private static final Logger LOG = LoggerFactory.getLogger(SilenceDesk.class);

  private static final int TOLD = 1000;

  private final Stores stores;
  private final Platform platform;
  private final LiveClusters clusters;
  private final Alarm alarm;
  private final Targets targets;

  SilenceDesk(
      Stores stores, Platform platform, LiveClusters clusters, Alarm alarm, Targets targets) {
    this.stores = stores;
    this.platform = platform;
    this.clusters = clusters;
    this.alarm = alarm;
    this.targets = targets;
  }

  @Override
  public View add(OrganizationId organization, Spec spec, String actor) {
    Instant now = platform.now();
    SilenceRow row =
        SilenceRules.row(new SilenceId(platform.newId()), organization, spec, actor, now);
    targets.check(organization, spec.selector());
    stores.inTransaction(
        tx -> {
          insert(tx, row, now);
          return row;
        });
    alarm.soon(now);
    LOG.info("silence {} until {} was made by {}", row.id(), row.endsAt(), actor);
    return new View(row, row.state(now));
  }

  private void insert(StoreTx tx, SilenceRow row, Instant now) {
    SilenceRules.checkRoom(tx.silences().notEnded(row.organization(), now).size());
    tx.silences().insert(row);
    told(row).forEach(cluster -> tx.timeline().append(Entries.silenced(cluster, row, now)));
    mark(tx, row, now);
  }

  /** On whose timelines it is: all clusters that it covers, at most {@link #TOLD}. */
  private Stream<ClusterId> told(SilenceRow silence) {
    return clusters.all().stream()
        .map(live -> live.state().row())
        .filter(row -> row.organization().equals(silence.organization()))
        .filter(silence.selector()::covers)
        .map(ClusterRow::id)
        .limit(TOLD);
  }

  /** So that notifications look again at what it covers. */
  private void mark(StoreTx tx, SilenceRow silence, Instant now) {
    for (LiveCluster live : clusters.all()) {
      ClusterState state = live.state();
      state.incidents().stream()
          .filter(incident -> silence.covers(state.row(), incident.what()))
          .findFirst()
          .ifPresent(incident -> Marks.mark(tx, incident, false, now));
    }
  }

  @Override
  public Page<View> list(
      Set<OrganizationId> organizations, SilenceRow.@Nullable State state, Page.Request page) {
    Instant now = platform.now();
    Page<SilenceRow> rows =
        stores.inTransaction(tx -> tx.silences().list(organizations, state, now, page));
    return new Page<>(
        rows.items().stream().map(row -> new View(row, row.state(now))).toList(),
        rows.nextCursor());
  }

  @Override
  public Optional<View> find(SilenceId id) {
    Instant now = platform.now();
    return stores
        .inTransaction(tx -> tx.silences().find(id))
        .map(row -> new View(row, row.state(now)));
  }

  @Override
  public View end(SilenceId id, String actor) {
    Instant now = platform.now();
    SilenceRow ended = stores.inTransaction(tx -> end(tx, id, actor, now));
    alarm.soon(now);
    return new View(ended, ended.state(now));
  }

  private SilenceRow end(StoreTx tx, SilenceId id, String actor, Instant now) {
    SilenceRow row =
        tx.silences()
            .find(id)
            .orElseThrow(
                () ->
                    new InvalidRequestException(ErrorCode.NOT_FOUND, "there is no silence " + id));
    if (row.state(now) == SilenceRow.State.EXPIRED) {
      return row;
    }
    SilenceRow ended = row.endedAt(now);
    tx.silences().update(ended);
    told(row)
        .map(cluster -> Entries.by(actor, cluster, now, "silence_ended", "A silence was ended"))
        .forEach(tx.timeline()::append);
    mark(tx, row, now);
    return ended;
  }
}
