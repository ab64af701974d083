package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.IncidentId;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.incident.IncidentTransition;
import cx.niro.core.incident.IncidentTransition.Opened;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.StoreTx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what detection decided, inside somebody's transaction, once each. */
final class IncidentLedger {
  private static final Logger LOG = LoggerFactory.getLogger(IncidentLedger.class);

  private final Platform platform;

  IncidentLedger(Platform platform) {
    this.platform = platform;
  }

  /** Incidents that opened or were resolved. */
  record Changes(List<IncidentRow> opened, List<IncidentRow> resolved) {
    static Changes none() {
      return new Changes(new ArrayList<>(), new ArrayList<>());
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
              updated ->
                  revise(
                      tx,
                      cluster,
                      updated.fingerprint(),
                      updated.severity(),
                      updated.summary(),
                      updated.evidence()),
              resolved ->
                  resolve(
                      tx,
                      cluster,
                      resolved.fingerprint(),
                      resolved.reason(),
                      resolved.at(),
                      changes));
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
            opened.fingerprint(),
            opened.type(),
            opened.scope(),
            opened.severity(),
            opened.summary(),
            opened.evidence(),
            opened.since(),
            opened.at(),
            null,
            null);
    if (!tx.incidents().open(row)) {
      return revise(
          tx,
          cluster,
          opened.fingerprint(),
          opened.severity(),
          opened.summary(),
          opened.evidence());
    }
    tx.timeline().append(Entries.incidentOpened(row));
    changes.opened().add(row);
    return true;
  }

  private static boolean revise(
      StoreTx tx,
      ClusterId cluster,
      Fingerprint fingerprint,
      Severity severity,
      String summary,
      Map<String, List<String>> evidence) {
    Optional<IncidentRow> open = tx.incidents().findOpen(cluster, fingerprint);
    open.ifPresent(
        row ->
            tx.incidents()
                .update(
                    new IncidentRow(
                        row.id(),
                        cluster,
                        fingerprint,
                        row.type(),
                        row.scope(),
                        severity,
                        summary,
                        evidence,
                        row.since(),
                        row.openedAt(),
                        null,
                        null)));
    return open.isPresent();
  }

  boolean resolve(
      StoreTx tx,
      ClusterId cluster,
      Fingerprint fingerprint,
      String reason,
      Instant at,
      Changes changes) {
    Optional<IncidentRow> open = tx.incidents().findOpen(cluster, fingerprint);
    open.ifPresent(
        row -> {
          IncidentRow resolved = ended(row, reason, at);
          tx.incidents().update(resolved);
          tx.timeline().append(Entries.incidentResolved(resolved, at));
          changes.resolved().add(resolved);
        });
    return open.isPresent();
  }

  private static IncidentRow ended(IncidentRow row, @Nullable String reason, Instant at) {
    return new IncidentRow(
        row.id(),
        row.cluster(),
        row.fingerprint(),
        row.type(),
        row.scope(),
        row.severity(),
        row.summary(),
        row.evidence(),
        row.since(),
        row.openedAt(),
        at,
        reason);
  }
}
