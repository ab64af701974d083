package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.Container.Probe;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pod that runs and does not become ready, and no container says why; one whose phase nobody
 * knows; one that no scheduler looks at. Pods of Jobs are not meant, nor those of StatefulSets and
 * DaemonSets, which tell of their pods themselves, nor pods whose containers are all ready and that
 * wait for a readiness gate. While a pod was never ready, the time that its startup probes give it
 * comes on top. While its Deployment is being rolled out, the deadline of the rollout is waited
 * for: {@link DeploymentFailed} then tells more.
 */
final class PodNotReady extends PodRule<PodSubject> {
  /** As much as any startup probe is believed. */
  static final Duration LONGEST_START = Duration.ofHours(2);

  private static final Set<String> COUNTED = Set.of("StatefulSet", "DaemonSet");
  private static final Duration AFTER_DEADLINE = Duration.ofMinutes(2);
  private static final Duration AT_START = Duration.ofSeconds(60);

  PodNotReady(Thresholds thresholds) {
    super(
        RuleSpec.of(IncidentType.POD_NOT_READY)
            .reads(Section.PODS)
            .openAfter(thresholds.time(Threshold.POD_NOT_READY_FOR))
            .clearAfter(thresholds.time(Threshold.POD_NOT_READY_CLEAR)));
  }

  @Override
  List<PodSubject> subjects(PodSubject pod) {
    return PodSight.isJob(pod.pod()) || isTold(pod) ? List.of() : List.of(pod);
  }

  /** Whether {@link StatefulSetDegraded} or {@link DaemonSetDegraded} counts it. */
  private static boolean isTold(PodSubject pod) {
    OwnerReference root = pod.pod().meta().rootOwner();
    return root != null
        && COUNTED.contains(root.kind())
        && pod.workload() != null
        && pod.input().complete(Section.WORKLOADS);
  }

  @Override
  Look look(PodSubject subject) {
    Pod.PodStatus status = subject.pod().status();
    if ("Unknown".equals(status.phase())) {
      return Look.WRONG;
    }
    if ("Pending".equals(status.phase())) {
      return isIgnored(subject.pod()) ? Look.WRONG : Look.NEITHER;
    }
    Condition ready = Conditions.find(status.conditions(), "Ready");
    if (ready == null) {
      return Look.NEITHER;
    }
    if (ready.status().equals("True") || "PodCompleted".equals(ready.reason())) {
      return Look.WELL;
    }
    Condition containers = Conditions.find(status.conditions(), "ContainersReady");
    boolean gated = containers != null && containers.status().equals("True");
    return gated || subject.hasOwnReason() ? Look.NEITHER : Look.WRONG;
  }

  /** Whether no scheduler said anything about it. */
  private static boolean isIgnored(Pod pod) {
    return pod.nodeName() == null
        && Conditions.find(pod.status().conditions(), "PodScheduled") == null;
  }

  @Override
  Judgement wrong(PodSubject subject) {
    Pod pod = subject.pod();
    Condition ready = Conditions.find(pod.status().conditions(), "Ready");
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    if (ready != null && ready.reason() != null) {
      evidence.put("reason", List.of(ready.reason()));
    }
    evidence.put("containers", unready(pod));
    Severity severity = subject.input().severity(Severity.LOW, Severity.MEDIUM, Severity.MEDIUM);
    String summary = "Pods of " + subject.name() + summary(pod);
    return Judgement.yes(subject.scope(), subject.symptom(severity, summary, evidence))
        .openAfter(patience(subject))
        .since(began(subject));
  }

  private static List<String> unready(Pod pod) {
    return pod.status().containers().stream()
        .filter(status -> !Boolean.TRUE.equals(status.ready()))
        .map(ContainerStatus::name)
        .toList();
  }

  private static String summary(Pod pod) {
    if ("Running".equals(pod.status().phase())) {
      return " run but are not ready";
    }
    return pod.nodeName() == null
        ? " are looked at by no scheduler"
        : " are not reported on by their node";
  }

  private static @Nullable Instant began(PodSubject subject) {
    Condition ready = Conditions.find(subject.pod().status().conditions(), "Ready");
    Long since = ready == null ? subject.pod().meta().createdAt() : ready.lastTransitionAt();
    return subject.input().serverTime(since);
  }

  private Duration patience(PodSubject subject) {
    Duration usual = spec().openAfter().plus(startTime(subject));
    Duration rollout = rolloutTime(subject.workload());
    return rollout.compareTo(usual) > 0 ? rollout : usual;
  }

  /** Until when a rollout that goes on is told as failed; zero for none. */
  private static Duration rolloutTime(@Nullable Workload workload) {
    Workload.Rollout rollout = workload == null ? null : workload.rollout();
    if (workload == null || rollout == null || rollout.progressDeadlineSeconds() == null) {
      return Duration.ZERO;
    }
    Condition progressing = Conditions.find(workload.conditions(), "Progressing");
    boolean rolling = progressing != null && !"NewReplicaSetAvailable".equals(progressing.reason());
    Duration deadline = Duration.ofSeconds(Math.max(0, rollout.progressDeadlineSeconds()));
    return !rolling || deadline.compareTo(LONGEST_START) > 0
        ? Duration.ZERO
        : deadline.plus(AFTER_DEADLINE);
  }

  private static Duration startTime(PodSubject subject) {
    PodSpec spec = wasReady(subject.pod()) ? null : subject.spec();
    Duration longest = Duration.ZERO;
    for (Container container : spec == null ? List.<Container>of() : spec.containers()) {
      Duration time = startTime(container.startupProbe());
      longest = time.compareTo(longest) > 0 ? time : longest;
    }
    return longest;
  }

  /** Whether Ready changed after the start, and no container is starting again. */
  private static boolean wasReady(Pod pod) {
    Condition ready = Conditions.find(pod.status().conditions(), "Ready");
    Long changed = ready == null ? null : ready.lastTransitionAt();
    Long started = pod.status().startedAt();
    boolean starting =
        pod.status().containers().stream()
            .anyMatch(status -> Boolean.FALSE.equals(status.started()));
    return !starting
        && changed != null
        && started != null
        && changed - started > AT_START.toMillis();
  }

  private static Duration startTime(@Nullable Probe probe) {
    if (probe == null) {
      return Duration.ZERO;
    }
    long seconds = number(probe.initialDelaySeconds(), 0);
    seconds += number(probe.periodSeconds(), 10) * number(probe.failureThreshold(), 3);
    return Duration.ofSeconds(Math.max(0, Math.min(seconds, LONGEST_START.toSeconds())));
  }

  /** What Kubernetes takes for an absent number. */
  private static long number(@Nullable Integer given, int otherwise) {
    return given == null ? otherwise : given;
  }
}
