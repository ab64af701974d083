package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Job that gave up: its condition Failed is True. Pods that failed while it still retries, or
 * before it succeeded, are no failure. Of a CronJob only the newest finished Job counts, so a later
 * success resolves. After 24 hours a failure is history.
 *
 * <p>kubernetes-mixin's KubeJobFailed waits 15 minutes.
 */
final class JobFailed extends IncidentRule {
  private static final Duration CLEAR = Duration.ofMinutes(1);
  private static final String HELM_CHART = "helmcharts.helm.cattle.io/chart";

  private final Duration limit;

  JobFailed(Thresholds thresholds) {
    super(
        RuleSpec.of(IncidentType.JOB_FAILED)
            .reads(Section.WORKLOADS)
            .goingBy(Section.WORKLOADS)
            .openAfter(thresholds.time(Threshold.JOB_FAILED_FOR))
            .clearAfter(CLEAR));
    this.limit = thresholds.time(Threshold.JOB_FAILED_LIMIT);
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    Map<Scope, Workload> finished = new LinkedHashMap<>();
    List<Judgement> judgements = new ArrayList<>();
    for (Workload workload : input.snapshot().objects().workloads()) {
      boolean job = workload.kind().equals("Job");
      if (isJudged(workload) && (job || workload.kind().equals("CronJob"))) {
        judgements.add(Judgement.no(scope(workload)));
      }
      if (isJudged(workload) && job && (is(workload, "Failed") || is(workload, "Complete"))) {
        finished.merge(scope(workload), workload, JobFailed::newer);
      }
    }
    finished.forEach(
        (scope, job) -> {
          if (is(job, "Failed")) {
            judgements.add(judge(scope, job, input));
          }
        });
    return judgements;
  }

  private boolean isJudged(Workload workload) {
    return workload.meta().deletedAt() == null
        && !workload.meta().annotations().containsKey(WorkloadRule.EXEMPT + spec().type());
  }

  private Judgement judge(Scope scope, Workload job, RuleInput input) {
    Condition failed = Conditions.find(job.conditions(), "Failed");
    Instant at = failed == null ? null : input.serverTime(failed.lastTransitionAt());
    Instant end = (at == null ? input.now() : at).plus(limit);
    if (failed == null || !end.isAfter(input.now())) {
      return Judgement.no(scope);
    }
    return Judgement.yes(scope, symptom(scope, job, failed, input))
        .since(at)
        .recheckAt(at == null ? null : end);
  }

  private static Symptom symptom(Scope scope, Workload job, Condition failed, RuleInput input) {
    boolean chart = job.meta().labels().containsKey(HELM_CHART);
    String[] subject = scope.value().split("/", 4);
    String reason = failed.reason() == null ? "no reason given" : failed.reason();
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    evidence.put("reason", List.of(reason));
    if (failed.message() != null) {
      evidence.put("message", List.of(failed.message()));
    }
    evidence.put("job", List.of(job.meta().name()));
    return new Symptom(
        input.severity(Severity.LOW, Severity.MEDIUM, chart ? Severity.HIGH : Severity.MEDIUM),
        subject[2] + " " + subject[1] + "/" + subject[3] + " failed: " + reason,
        evidence);
  }

  /** A Job of a CronJob is about the CronJob. */
  private static Scope scope(Workload workload) {
    OwnerReference owner = workload.meta().owner();
    String namespace = workload.meta().namespace() == null ? "" : workload.meta().namespace();
    return owner != null && owner.kind().equals("CronJob")
        ? Scope.workload(namespace, "CronJob", owner.name())
        : WorkloadSubject.scope(workload);
  }

  private static boolean is(Workload job, String type) {
    Condition condition = Conditions.find(job.conditions(), type);
    return condition != null && condition.status().equals("True");
  }

  private static Workload newer(Workload a, Workload b) {
    return createdAt(b) > createdAt(a) ? b : a;
  }

  private static long createdAt(Workload job) {
    return job.meta().createdAt() == null ? 0 : job.meta().createdAt();
  }
}
