package cx.niro.server.internal;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.incident.IncidentTransition.Opened;
import cx.niro.core.incident.IncidentTransition.Resolved;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.managed.DiffReport;
import cx.niro.core.managed.FieldChange;
import cx.niro.core.managed.ObjectDrift;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Status;
import cx.niro.server.spi.StoreTx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The incidents of managed deployments, which no rule tells; inside somebody's transaction. */
final class DeploymentIncidents {
  private final IncidentLedger ledger;

  DeploymentIncidents(IncidentLedger ledger) {
    this.ledger = ledger;
  }

  /** The newest apply did not do what it was for. */
  void failed(StoreTx tx, DeploymentRow row, Instant now) {
    String how = row.applied().status() == Status.PARTIAL ? "failed in part" : "failed";
    Map<String, List<String>> evidence =
        Map.of(
            "reason",
            List.of(Objects.requireNonNullElse(row.applied().reason(), "no reason was given")),
            "revision",
            List.of(String.valueOf(row.wanted().revision())));
    Symptom symptom =
        new Symptom(
            severity(tx, row), "Apply of managed deployment " + row.name() + " " + how, evidence);
    open(tx, row, IncidentType.DEPLOYMENT_FAILED, symptom, now, now);
  }

  /** Somebody changed what was applied; said once more, it is brought up to date. */
  void drifted(StoreTx tx, DeploymentRow row, DiffReport report, Instant since, Instant now) {
    List<ObjectDrift> differing =
        report.objects().stream().filter(DeploymentIncidents::differs).toList();
    Map<String, List<String>> evidence =
        Map.of(
            "objects",
            differing.stream().flatMap(DeploymentIncidents::said).toList(),
            "revision",
            List.of(String.valueOf(report.revision())));
    String count = differing.size() == 1 ? "1 object is" : differing.size() + " objects are";
    Symptom symptom =
        new Symptom(
            severity(tx, row),
            "Managed deployment " + row.name() + " has drifted: " + count + " not as applied",
            evidence);
    open(tx, row, IncidentType.DRIFT_DETECTED, symptom, since, now);
  }

  private static boolean differs(ObjectDrift object) {
    return object.state() == ObjectDrift.State.MISSING
        || object.state() == ObjectDrift.State.MODIFIED;
  }

  /** Where it differs, and never the values. */
  private static Stream<String> said(ObjectDrift drift) {
    return drift.changes().isEmpty()
        ? Stream.of(drift.object() + " " + drift.state().wireName())
        : drift.changes().stream().map(change -> drift.object() + " " + said(change));
  }

  private static String said(FieldChange change) {
    return change.manager() == null ? change.path() : change.path() + " by " + change.manager();
  }

  /** The cluster is as wanted, or the deployment is gone. */
  void resolve(StoreTx tx, DeploymentRow row, IncidentType type, String why, Instant now) {
    Resolved end = new Resolved(fingerprint(row, type), why, now);
    ledger.resolve(tx, row.cluster(), end, IncidentLedger.Changes.none());
  }

  private void open(
      StoreTx tx,
      DeploymentRow row,
      IncidentType type,
      Symptom symptom,
      Instant since,
      Instant now) {
    Opened opened =
        new Opened(
            fingerprint(row, type),
            type,
            scope(row),
            symptom.severity(),
            symptom.summary(),
            symptom.evidence(),
            since,
            now);
    ledger.open(tx, row.cluster(), opened, IncidentLedger.Changes.none());
  }

  private static Severity severity(StoreTx tx, DeploymentRow row) {
    Environment environment =
        tx.clusters()
            .find(row.cluster())
            .map(ClusterRow::environment)
            .orElse(Environment.UNSPECIFIED);
    return switch (environment) {
      case DEV -> Severity.LOW;
      case PRODUCTION -> Severity.HIGH;
      default -> Severity.MEDIUM;
    };
  }

  private static Scope scope(DeploymentRow row) {
    return new Scope("managed/" + row.name());
  }

  private static Fingerprint fingerprint(DeploymentRow row, IncidentType type) {
    return Fingerprint.of(row.cluster(), type, scope(row));
  }
}
