package cx.niro.server.internal.rest;

import cx.niro.core.managed.ApplyReport;
import cx.niro.core.managed.CededField;
import cx.niro.core.managed.DiffReport;
import cx.niro.core.managed.FieldChange;
import cx.niro.core.managed.FieldConflict;
import cx.niro.core.managed.ObjectDrift;
import cx.niro.core.managed.ObjectRef;
import cx.niro.core.managed.ObjectResult;
import cx.niro.core.managed.ObjectSource;
import cx.niro.core.policy.Finding;
import cx.niro.server.Deployments;
import cx.niro.server.internal.managed.ApplyOutcome;
import cx.niro.server.manifest.Manifest;
import cx.niro.server.manifest.ManifestSet;
import cx.niro.server.spi.ApplyRow;
import cx.niro.server.spi.DeploymentRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A managed deployment. In lists, and where nothing is known yet, what would be long is null.
 *
 * @param findings of the manifests; only in answers to what changed them
 */
public record DeploymentJson(
    String cluster,
    String name,
    String namespace,
    long revision,
    String applyStatus,
    @Nullable String reason,
    @Nullable Instant lastSyncAt,
    boolean deleting,
    String command,
    String createdBy,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Drift drift,
    @Nullable List<String> cedeTo,
    @Nullable List<Written> manifests,
    @Nullable List<Result> objects,
    @Nullable List<Ceded> ceded,
    @Nullable List<Conflict> conflicts,
    @Nullable List<Advice> findings) {

  /** As lists have it. */
  public static DeploymentJson of(DeploymentRow row) {
    return of(row, null, null);
  }

  /** All of it. */
  public static DeploymentJson of(Deployments.View view, @Nullable List<Finding> findings) {
    return of(view.deployment(), view, findings);
  }

  private static DeploymentJson of(
      DeploymentRow row, Deployments.@Nullable View view, @Nullable List<Finding> findings) {
    ApplyRow last = view == null ? null : view.lastApply();
    ApplyReport report = last == null ? null : ApplyOutcome.report(last.report());
    return new DeploymentJson(
        row.cluster().value(),
        row.name(),
        row.namespace(),
        row.wanted().revision(),
        row.applied().status().wireName(),
        row.applied().reason(),
        row.applied().lastSyncAt(),
        row.wanted().deleted(),
        row.applied().command().value(),
        row.origin().createdBy(),
        row.origin().createdAt(),
        row.wanted().updatedAt(),
        Drift.of(row.drift()),
        view == null ? null : view.cedeTo(),
        view == null ? null : Written.all(view.manifests()),
        report == null ? null : report.objects().stream().map(Result::of).toList(),
        report == null ? null : report.ceded().stream().map(Ceded::of).toList(),
        report == null ? null : report.conflicts().stream().map(Conflict::of).toList(),
        findings == null ? null : findings.stream().map(Advice::of).toList());
  }

  /** What a policy says of a manifest. */
  public record Advice(
      String rule,
      String scope,
      String severity,
      String message,
      String fix,
      Map<String, List<String>> evidence) {
    static Advice of(Finding finding) {
      return new Advice(
          finding.rule().value(),
          finding.scope().value(),
          finding.severity().wireName(),
          finding.message(),
          finding.fix(),
          finding.evidence());
    }
  }

  /** An object and where it was written. */
  public record Written(Source source, Map<String, @Nullable Object> object) {
    public static List<Written> all(ManifestSet set) {
      return set.manifests().stream().map(Written::of).toList();
    }

    private static Written of(Manifest manifest) {
      return new Written(Source.of(manifest.source()), manifest.object());
    }
  }

  /** Where an object was written. */
  public record Source(@Nullable String file, @Nullable Integer document, @Nullable Integer line) {
    static Source of(ObjectSource source) {
      return new Source(source.file(), source.document(), source.line());
    }
  }

  /** Which object is meant. */
  public record Ref(String apiVersion, String kind, @Nullable String namespace, String name) {
    static Ref of(ObjectRef ref) {
      return new Ref(ref.apiVersion(), ref.kind(), ref.namespace(), ref.name());
    }
  }

  /** What became of an object. */
  public record Result(
      String apiVersion,
      String kind,
      @Nullable String namespace,
      String name,
      String action,
      @Nullable String message,
      @Nullable Source source) {
    static Result of(ObjectResult result) {
      ObjectRef ref = result.object();
      return new Result(
          ref.apiVersion(),
          ref.kind(),
          ref.namespace(),
          ref.name(),
          result.action().wireName(),
          result.message(),
          result.source() == null ? null : Source.of(result.source()));
    }
  }

  /** A field that is left to somebody else. */
  public record Ceded(Ref object, String path, String manager) {
    static Ceded of(CededField field) {
      return new Ceded(Ref.of(field.object()), field.path(), field.manager());
    }
  }

  /** Fields that another manager owns. */
  public record Conflict(Ref object, String manager, List<String> fields, boolean taken) {
    static Conflict of(FieldConflict conflict) {
      return new Conflict(
          Ref.of(conflict.object()), conflict.manager(), conflict.fields(), conflict.taken());
    }
  }

  /** How the cluster compared with what is wanted. */
  public record Drift(
      String state,
      Instant since,
      Instant checkedAt,
      @Nullable List<Differing> objects,
      @Nullable List<Ceded> ceded) {
    static @Nullable Drift of(DeploymentRow.@Nullable Drift drift) {
      if (drift == null) {
        return null;
      }
      DiffReport report = ApplyOutcome.comparison(drift.report());
      return new Drift(
          drift.state().wireName(),
          drift.since(),
          drift.checkedAt(),
          report == null ? null : report.objects().stream().map(Differing::of).toList(),
          report == null ? null : report.ceded().stream().map(Ceded::of).toList());
    }
  }

  /** How an object compared. */
  public record Differing(
      String apiVersion,
      String kind,
      @Nullable String namespace,
      String name,
      String state,
      @Nullable String message,
      List<Change> changes) {
    static Differing of(ObjectDrift drift) {
      ObjectRef ref = drift.object();
      return new Differing(
          ref.apiVersion(),
          ref.kind(),
          ref.namespace(),
          ref.name(),
          drift.state().wireName(),
          drift.message(),
          drift.changes().stream().map(Change::of).toList());
    }
  }

  /** A field that is not as wanted. */
  public record Change(
      String path, @Nullable String wanted, @Nullable String live, @Nullable String manager) {
    static Change of(FieldChange change) {
      return new Change(change.path(), change.wanted(), change.live(), change.manager());
    }
  }

  /** One apply of the history; without objects where there is no report. */
  public record Apply(
      long attempt,
      long revision,
      String command,
      String requestedBy,
      Instant requestedAt,
      String status,
      @Nullable String reason,
      @Nullable Instant finishedAt,
      List<Result> objects) {
    public static Apply of(ApplyRow row) {
      ApplyReport report = ApplyOutcome.report(row.report());
      return new Apply(
          row.attempt(),
          row.revision(),
          row.command().value(),
          row.requestedBy(),
          row.requestedAt(),
          row.status().wireName(),
          row.reason(),
          row.finishedAt(),
          report == null ? List.of() : report.objects().stream().map(Result::of).toList());
    }
  }

  /** The manifests of a revision. */
  public record Revision(long revision, List<Written> manifests) {}
}
