package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.incident.IncidentTransition;
import cx.niro.core.incident.IncidentTransition.Muted;
import cx.niro.core.incident.IncidentTransition.Opened;
import cx.niro.core.incident.IncidentTransition.Resolved;
import cx.niro.core.incident.IncidentTransition.Updated;
import cx.niro.core.incident.IncidentType;
import cx.niro.server.internal.outbox.Alarm;
import cx.niro.server.internal.outbox.Marks;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.StoreTx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what detection decided, inside somebody's transaction, once each. */
final class IncidentLedger {
  private static final Logger LOG = LoggerFactory.getLogger(IncidentLedger.class);

  private final Platform platform;
  private final Alarm alarm;
  private final FleetSilence fleet;

  IncidentLedger(Platform platform, Alarm alarm, FleetSilence fleet) {
    this.fleet = fleet;
    this.platform = platform;
    this.alarm = alarm;
  }

  /**
   * Incidents that opened or were resolved.
   *
   * @param marked what notifications were told already, so that one step writes one mark
   */
  record Changes(List<IncidentRow> opened, List<IncidentRow> resolved, Set<String> marked) {
    static Changes none() {
      return new Changes(new ArrayList<>(), new ArrayList<>(), new HashSet<>());
    }

    boolean isEmpty() {
      return opened.isEmpty() && resolved.isEmpty();
    }
  }

  Changes write(StoreTx tx, ClusterId cluster, List<IncidentTransition> transitions) {
    Changes changes = Changes.none();
    for (IncidentTransition transition : transitions) {
      boolean known =
          transition.fold(
              opened -> open(tx, cluster, opened, changes),
              updated -> revise(tx, cluster, updated.fingerprint(), telling(updated), changes),
              muted -> mute(tx, cluster, muted, changes),
              resolved -> resolve(tx, cluster, resolved, changes));
      if (!known) {
        LOG.debug("cluster {}: nothing open for {}", cluster, transition);
      }
    }
    return changes;
  }

  /** False when one with this fingerprint is open already; then that one is brought up to date. */
  boolean open(StoreTx tx, ClusterId cluster, Opened opened, Changes changes) {
    IncidentRow row =
        new IncidentRow(
            new IncidentId(platform.newId()),
            cluster,
            new IncidentRow.What(opened.fingerprint(), opened.type(), opened.scope()),
            new IncidentRow.Telling(opened.severity(), opened.summary(), opened.evidence()),
            new IncidentRow.Began(opened.since(), opened.at()),
            null,
            attention(cluster, opened));
    if (!tx.incidents().open(row)) {
      return revise(tx, cluster, opened.fingerprint(), row.telling(), changes);
    }
    tx.timeline().append(Entries.incidentOpened(row));
    mark(tx, row, true, changes);
    changes.opened().add(row);
    return true;
  }

  private IncidentRow.Attention attention(ClusterId cluster, Opened opened) {
    String group =
        opened.type().equals(IncidentType.CLUSTER_OFFLINE) ? fleet.groupOf(cluster) : null;
    return group == null
        ? IncidentRow.Attention.NONE
        : new IncidentRow.Attention(null, null, null, group);
  }

  private static IncidentRow.Telling telling(Updated updated) {
    return new IncidentRow.Telling(updated.severity(), updated.summary(), updated.evidence());
  }

  private boolean revise(
      StoreTx tx,
      ClusterId cluster,
      Fingerprint fingerprint,
      IncidentRow.Telling telling,
      Changes changes) {
    Optional<IncidentRow> open = tx.incidents().findOpen(cluster, fingerprint);
    open.ifPresent(
        row -> {
          tx.incidents().update(row.with(telling));
          if (telling.severity().compareTo(row.telling().severity()) > 0) {
            mark(tx, row, true, changes);
          }
        });
    return open.isPresent();
  }

  private boolean mute(StoreTx tx, ClusterId cluster, Muted muted, Changes changes) {
    Optional<IncidentRow> open = tx.incidents().findOpen(cluster, muted.fingerprint());
    open.ifPresent(
        row -> {
          IncidentRow.Attention next =
              row.attention().muted(muted.suppressedBy(), muted.flapping() ? muted.at() : null);
          tx.incidents().update(row.with(next));
          mark(tx, row, true, changes);
        });
    return open.isPresent();
  }

  private void mark(StoreTx tx, IncidentRow row, boolean urgent, Changes changes) {
    if (changes.marked().add(Marks.groupOf(row) + urgent)) {
      Instant now = platform.now();
      Marks.mark(tx, row, urgent, now);
      alarm.soon(now);
    }
  }

  boolean resolve(StoreTx tx, ClusterId cluster, Resolved end, Changes changes) {
    Optional<IncidentRow> open = tx.incidents().findOpen(cluster, end.fingerprint());
    open.ifPresent(
        row -> {
          IncidentRow resolved = row.with(new IncidentRow.Resolved(end.at(), end.reason()));
          tx.incidents().update(resolved);
          tx.timeline().append(Entries.incidentResolved(resolved, end.at()));
          mark(tx, resolved, false, changes);
          changes.resolved().add(resolved);
        });
    return open.isPresent();
  }
}
