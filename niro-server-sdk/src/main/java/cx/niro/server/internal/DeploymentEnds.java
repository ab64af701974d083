package cx.niro.server.internal;

import cx.niro.core.incident.IncidentType;
import cx.niro.core.managed.DiffReport;
import cx.niro.core.managed.DriftState;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.internal.managed.ApplyOutcome;
import cx.niro.server.internal.managed.Manifests;
import cx.niro.server.spi.ApplyRow;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.DeploymentRow;
import cx.niro.server.spi.DeploymentRow.Applied;
import cx.niro.server.spi.DeploymentRow.Drift;
import cx.niro.server.spi.DeploymentRow.Look;
import cx.niro.server.spi.DeploymentRow.Status;
import cx.niro.server.spi.DeploymentRow.Wanted;
import cx.niro.server.spi.StoreTx;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the end of a command means for its deployment, inside the transaction that ends it. */
final class DeploymentEnds {
  private static final String KEY = "deployment/";
  private static final Set<String> KINDS = Set.of("apply", "delete", "diff");

  private final DeploymentIncidents incidents;

  DeploymentEnds(DeploymentIncidents incidents) {
    this.incidents = incidents;
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
        incidents.failed(tx, after, now);
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
    DeploymentRow after = row.with(next).with(DriftPace.anew(now));
    DeploymentRules.update(tx, row, good ? inSync(tx, after, now) : after);
    return after;
  }

  private static DeploymentRow inSync(StoreTx tx, DeploymentRow row, Instant now) {
    Drift was = row.drift();
    if (was != null && was.state() == DriftState.DRIFTED) {
      tx.timeline().append(DeploymentEntries.drift(row, DriftState.IN_SYNC, now));
    }
    return row.with(DriftPace.said(was, new Drift(DriftState.IN_SYNC, now, now, null)));
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
  private void compared(StoreTx tx, DeploymentRow row, CommandRow ended, Instant now) {
    Look ours = lookThatIs(ended, row.look());
    DiffReport report = ApplyOutcome.comparison(ended);
    boolean other = report != null && report.revision() != row.wanted().revision();
    if (ended.state() != CommandState.SUCCEEDED || other) {
      if (ours != null) {
        DeploymentRules.update(tx, row, row.with(DriftPace.failed(ours)));
      }
      return;
    }
    Drift was = row.drift();
    Drift drift = DriftPace.said(was, said(report, now));
    DeploymentRow after = row.with(drift);
    DeploymentRules.update(
        tx, row, ours == null ? after : after.with(DriftPace.ended(ours, was, drift)));
    if (was == null || was.state() != drift.state()) {
      tx.timeline().append(DeploymentEntries.drift(row, drift.state(), now));
    }
    judge(tx, after, drift, report, now);
    if (ours != null) {
      tx.commands().update(ended, CommandSteps.withoutOutput(ended));
    }
  }

  /** Null for a comparison that a user asked for. */
  private static @Nullable Look lookThatIs(CommandRow ended, @Nullable Look newest) {
    return newest != null && ended.id().equals(newest.command()) ? newest : null;
  }

  private static Drift said(@Nullable DiffReport report, Instant now) {
    return report == null
        ? new Drift(DriftState.UNKNOWN, now, now, null)
        : new Drift(report.state(), now, now, new RawJson(Manifests.text(report)));
  }

  /** While an apply is wanted or has failed, something else is wrong than that it was changed. */
  private void judge(
      StoreTx tx, DeploymentRow row, Drift drift, @Nullable DiffReport report, Instant now) {
    boolean good = row.applied().status() == Status.SUCCEEDED && !row.wanted().deleted();
    if (drift.state() == DriftState.IN_SYNC) {
      incidents.resolve(tx, row, IncidentType.DRIFT_DETECTED, "cleared", now);
    } else if (good && report != null && DriftPace.isConfirmed(drift)) {
      incidents.drifted(tx, row, report, drift.since(), now);
    }
  }

  private void resolve(StoreTx tx, DeploymentRow row, String why, Instant now) {
    incidents.resolve(tx, row, IncidentType.DEPLOYMENT_FAILED, why, now);
    incidents.resolve(tx, row, IncidentType.DRIFT_DETECTED, why, now);
  }

  /** The deployment is gone, whatever is in the cluster. */
  void forgotten(StoreTx tx, DeploymentRow row, Instant now) {
    resolve(tx, row, "object_deleted", now);
  }
}
