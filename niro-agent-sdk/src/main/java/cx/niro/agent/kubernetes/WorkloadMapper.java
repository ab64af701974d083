package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.snapshot.Workload.CronStatus;
import cx.niro.core.snapshot.Workload.JobStatus;
import cx.niro.core.snapshot.Workload.Replicas;
import cx.niro.core.snapshot.Workload.Rollout;
import org.jspecify.annotations.Nullable;

/** Controllers of pods from their JSON. */
final class WorkloadMapper {
  private static final int SCHEDULE = 128;

  private WorkloadMapper() {}

  static Workload deployment(Json object) {
    return scaled(object, "Deployment", "strategy");
  }

  static Workload statefulSet(Json object) {
    return scaled(object, "StatefulSet", "updateStrategy");
  }

  /** Null for one that something owns: its owner is the workload. */
  static @Nullable Workload replicaSet(Json object) {
    return Metadata.owner(object) == null ? scaled(object, "ReplicaSet", "strategy") : null;
  }

  static Workload daemonSet(Json object) {
    Json status = object.child("status");
    Replicas replicas =
        new Replicas(
            status.counter("currentNumberScheduled"),
            status.counter("numberReady"),
            status.counter("numberAvailable"),
            status.counter("updatedNumberScheduled"),
            status.counter("numberUnavailable"),
            status.counter("desiredNumberScheduled"),
            status.counter("currentNumberScheduled"),
            status.counter("numberMisscheduled"));
    return workload(
        object,
        "DaemonSet",
        null,
        replicas,
        rollout(object, "updateStrategy"),
        null,
        null,
        template(object.child("spec")));
  }

  static Workload job(Json object) {
    Json spec = object.child("spec");
    Json status = object.child("status");
    JobStatus job =
        new JobStatus(
            status.counter("active"),
            status.counter("succeeded"),
            status.counter("failed"),
            status.instant("startTime"),
            status.instant("completionTime"),
            spec.integer("backoffLimit"),
            spec.number("activeDeadlineSeconds"),
            spec.integer("ttlSecondsAfterFinished"));
    return workload(object, "Job", null, null, null, job, null, template(spec));
  }

  static Workload cronJob(Json object) {
    Json spec = object.child("spec");
    Json status = object.child("status");
    CronStatus cron =
        new CronStatus(
            spec.text("schedule", SCHEDULE),
            spec.text("timeZone"),
            spec.number("startingDeadlineSeconds"),
            status.instant("lastScheduleTime"),
            status.instant("lastSuccessfulTime"));
    PodSpec template = template(spec.child("jobTemplate").child("spec"));
    return workload(object, "CronJob", null, null, null, null, cron, template);
  }

  private static Workload scaled(Json object, String kind, String strategy) {
    Json status = object.child("status");
    Integer desired = object.child("spec").integer("replicas");
    Replicas replicas =
        new Replicas(
            status.counter("replicas"),
            status.counter("readyReplicas"),
            status.counter("availableReplicas"),
            status.counter("updatedReplicas"),
            status.counter("unavailableReplicas"),
            null,
            null,
            null);
    return workload(
        object,
        kind,
        desired == null ? 1 : desired,
        replicas,
        rollout(object, strategy),
        null,
        null,
        template(object.child("spec")));
  }

  @SuppressWarnings("TooManyParameters")
  private static Workload workload(
      Json object,
      String kind,
      @Nullable Integer desired,
      @Nullable Replicas replicas,
      @Nullable Rollout rollout,
      @Nullable JobStatus job,
      @Nullable CronStatus cron,
      PodSpec template) {
    Json spec = object.child("spec");
    return new Workload(
        Metadata.of(object),
        kind,
        object.child("metadata").number("generation"),
        object.child("status").number("observedGeneration"),
        spec.flag("paused"),
        spec.flag("suspend"),
        desired,
        replicas,
        rollout,
        Metadata.conditions(object.child("status")),
        job,
        cron,
        Hashes.of(template.toString()),
        template);
  }

  private static Rollout rollout(Json object, String strategyMember) {
    Json spec = object.child("spec");
    Json status = object.child("status");
    Json strategy = spec.child(strategyMember);
    Json rolling = strategy.child("rollingUpdate");
    return new Rollout(
        strategy.text("type"),
        rolling.text("maxUnavailable"),
        rolling.text("maxSurge"),
        spec.integer("progressDeadlineSeconds"),
        spec.integer("revisionHistoryLimit"),
        rolling.integer("partition"),
        status.text("currentRevision"),
        status.text("updateRevision"));
  }

  private static PodSpec template(Json spec) {
    return PodSpecMapper.template(spec.child("template"));
  }
}
