package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.incident.IncidentTransition.Opened;
import cx.niro.core.incident.IncidentTransition.Resolved;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.managed.DiffReport;
import cx.niro.core.managed.DriftState;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.internal.managed.ApplyOutcome;
import cx.niro.server.internal.managed.Manifests;
import cx.niro.server.spi.ApplyRow;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Applied;
import cx.niro.server.spi.DeploymentRow.Drift;
import cx.niro.server.spi.DeploymentRow.Status;
import cx.niro.server.spi.DeploymentRow.Wanted;
import cx.niro.server.spi.StoreTx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the end of a command means for its deployment, inside the transaction that ends it. */
final class DeploymentEnds {
  private static final String KEY = "deployment/";
  private static final Set<String> KINDS = Set.of("apply", "delete", "diff");

  private final IncidentLedger ledger;

  DeploymentEnds(IncidentLedger ledger) {
    this.ledger = ledger;
  }

  /** Commands of one deployment run one after the other. */
  static String orderKey(String deployment) {
    return KEY + deployment;
  }

  static boolean isOfDeployment(CommandRow row) {
    return KINDS.contains(row.request().kind()) && nameOf(row) != null;
  }

  private static @Nullable String nameOf(CommandRow row) {
    String key = row.request().orderKey();
    return key != null && key.startsWith(KEY) ? key.substring(KEY.length()) : null;
  }

  /** False when the command is that of no deployment. */
  boolean take(StoreTx tx, CommandRow ended, Instant now) {
    String name = isOfDeployment(ended) ? nameOf(ended) : null;
    DeploymentRow row =
        name == null ? null : tx.deployments().find(ended.cluster(), name).orElse(null);
    if (row == null) {
      return false;
    }
    switch (ended.request().kind()) {
      case "apply" -> applied(tx, row, ended, now);
      case "delete" -> deleted(tx, row, ended, now);
      default -> compared(tx, row, ended, now);
    }
    return true;
  }

  /** An apply that was cancelled pages nobody. */
  private void applied(StoreTx tx, DeploymentRow row, CommandRow ended, Instant now) {
    ApplyRow apply = tx.applies().find(ended.id()).orElse(null);
    if (apply == null) {
      return;
    }
    ApplyOutcome outcome = ApplyOutcome.of(ended, apply.revision());
    ApplyRow over = apply.finished(outcome.status(), outcome.reason(), now, outcome.report());
    tx.applies().update(over);
    tx.timeline().append(DeploymentEntries.finished(row, over, now));
    if (row.applied().command().equals(ended.id())) {
      DeploymentRow after = newest(tx, row, outcome, now);
      if (outcome.status() == Status.SUCCEEDED) {
        resolve(tx, row, "cleared", now);
      } else if (ended.state() != CommandState.CANCELLED) {
        ledger.open(tx, row.cluster(), opened(tx, after, now), IncidentLedger.Changes.none());
      }
    }
  }

  /** Only the newest apply says how the deployment is. */
  private static DeploymentRow newest(
      StoreTx tx, DeploymentRow row, ApplyOutcome outcome, Instant now) {
    boolean good = outcome.status() == Status.SUCCEEDED;
    Applied was = row.applied();
    Instant synced = good ? now : was.lastSyncAt();
    Applied next =
        new Applied(was.attempt(), outcome.status(), was.command(), outcome.reason(), synced);
    DeploymentRow after = row.with(next);
    DeploymentRules.update(
        tx, row, good ? after.with(new Drift(DriftState.IN_SYNC, now, null)) : after);
    return after;
  }

  private void deleted(StoreTx tx, DeploymentRow row, CommandRow ended, Instant now) {
    if (!row.applied().command().equals(ended.id())) {
      return;
    }
    ApplyOutcome outcome = ApplyOutcome.of(ended, row.wanted().revision());
    if (outcome.status() == Status.SUCCEEDED) {
      tx.deployments().delete(row.id());
      tx.timeline().append(DeploymentEntries.deletion(row, ended, now, "was deleted"));
      resolve(tx, row, "object_deleted", now);
      return;
    }
    Applied was = row.applied();
    String reason = "the deletion ended " + outcome.status().wireName() + ": " + outcome.reason();
    Wanted wanted = row.wanted();
    DeploymentRow after =
        row.with(
                new Applied(
                    was.attempt(), outcome.status(), was.command(), reason, was.lastSyncAt()))
            .with(new Wanted(wanted.revision(), wanted.options(), false, wanted.updatedAt()));
    DeploymentRules.update(tx, row, after);
    tx.timeline().append(DeploymentEntries.deletion(after, ended, now, "was not deleted"));
  }

  /** A comparison that did not take place says nothing, and what the last one said stays. */
  private static void compared(StoreTx tx, DeploymentRow row, CommandRow ended, Instant now) {
    if (ended.state() != CommandState.SUCCEEDED) {
      return;
    }
    DiffReport report = ApplyOutcome.comparison(ended);
    if (report != null && report.revision() != row.wanted().revision()) {
      return;
    }
    Drift drift =
        report == null
            ? new Drift(DriftState.UNKNOWN, now, null)
            : new Drift(report.state(), now, new RawJson(Manifests.text(report)));
    Drift was = row.drift();
    if (was == null || was.state() != drift.state()) {
      tx.timeline().append(DeploymentEntries.drift(row, drift.state(), now));
    }
    DeploymentRules.update(tx, row, row.with(drift));
  }

  private void resolve(StoreTx tx, DeploymentRow row, String why, Instant now) {
    Fingerprint open = fingerprint(row.cluster(), row.name());
    ledger.resolve(tx, row.cluster(), new Resolved(open, why, now), IncidentLedger.Changes.none());
  }

  /** The deployment is gone, whatever is in the cluster. */
  void forgotten(StoreTx tx, DeploymentRow row, Instant now) {
    resolve(tx, row, "object_deleted", now);
  }

  private static Opened opened(StoreTx tx, DeploymentRow row, Instant now) {
    Environment environment =
        tx.clusters()
            .find(row.cluster())
            .map(ClusterRow::environment)
            .orElse(Environment.UNSPECIFIED);
    String reason = Objects.requireNonNullElse(row.applied().reason(), "no reason was given");
    Symptom symptom =
        new Symptom(
            severity(environment),
            "Apply of managed deployment " + row.name() + " " + ended(row.applied().status()),
            Map.of(
                "reason",
                List.of(reason),
                "revision",
                List.of(String.valueOf(row.wanted().revision()))));
    return new Opened(
        fingerprint(row.cluster(), row.name()),
        IncidentType.DEPLOYMENT_FAILED,
        scope(row.name()),
        symptom.severity(),
        symptom.summary(),
        symptom.evidence(),
        now,
        now);
  }

  private static String ended(Status status) {
    return status == Status.PARTIAL ? "failed in part" : "failed";
  }

  private static Severity severity(Environment environment) {
    return switch (environment) {
      case DEV -> Severity.LOW;
      case PRODUCTION -> Severity.HIGH;
      default -> Severity.MEDIUM;
    };
  }

  private static Scope scope(String name) {
    return new Scope("managed/" + name);
  }

  private static Fingerprint fingerprint(ClusterId cluster, String name) {
    return Fingerprint.of(cluster, IncidentType.DEPLOYMENT_FAILED, scope(name));
  }
}
