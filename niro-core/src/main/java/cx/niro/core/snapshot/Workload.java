package cx.niro.core.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A controller of pods: Deployment, StatefulSet, DaemonSet, Job, CronJob, or a ReplicaSet that
 * nothing owns.
 *
 * @param desiredReplicas null where the kind has none
 * @param templateHash a hash of the pod template, equal for equal templates
 */
public record Workload(
    ObjectMeta meta,
    String kind,
    @Nullable Long generation,
    @Nullable Long observedGeneration,
    @Nullable Boolean paused,
    @Nullable Boolean suspended,
    @Nullable Integer desiredReplicas,
    @Nullable Replicas replicas,
    @Nullable Rollout rollout,
    List<Condition> conditions,
    @Nullable JobStatus job,
    @Nullable CronStatus cron,
    @Nullable String templateHash,
    @Nullable PodSpec template)
    implements Resource {

  public Workload {
    conditions = Copy.list(conditions);
  }

  @Override
  public Workload with(ObjectMeta next) {
    return new Workload(
        next,
        kind,
        generation,
        observedGeneration,
        paused,
        suspended,
        desiredReplicas,
        replicas,
        rollout,
        conditions,
        job,
        cron,
        templateHash,
        template);
  }

  @Override
  public Section section() {
    return Section.WORKLOADS;
  }

  /**
   * Counters that Kubernetes omits when they are zero; an agent sends the zero. The last three are
   * DaemonSet's.
   */
  public record Replicas(
      @Nullable Integer total,
      @Nullable Integer ready,
      @Nullable Integer available,
      @Nullable Integer updated,
      @Nullable Integer unavailable,
      @Nullable Integer desiredScheduled,
      @Nullable Integer currentScheduled,
      @Nullable Integer misscheduled) {}

  /** How a new template is rolled out and how far that is. */
  public record Rollout(
      @Nullable String strategy,
      @Nullable String maxUnavailable,
      @Nullable String maxSurge,
      @Nullable Integer progressDeadlineSeconds,
      @Nullable Integer revisionHistoryLimit,
      @Nullable Integer partition,
      @Nullable String currentRevision,
      @Nullable String updateRevision) {}

  /** A Job's progress; instants in epoch milliseconds. */
  public record JobStatus(
      @Nullable Integer active,
      @Nullable Integer succeeded,
      @Nullable Integer failed,
      @Nullable Long startedAt,
      @Nullable Long completedAt,
      @Nullable Integer backoffLimit,
      @Nullable Long activeDeadlineSeconds,
      @Nullable Integer ttlSecondsAfterFinished) {}

  /** A CronJob's schedule; instants in epoch milliseconds. */
  public record CronStatus(
      @Nullable @Text(max = 128) String schedule,
      @Nullable String timeZone,
      @Nullable Long startingDeadlineSeconds,
      @Nullable Long lastScheduledAt,
      @Nullable Long lastSuccessfulAt) {}
}
