package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container that fails again and again, too slowly for {@link PodCrashLooping}: one that runs for
 * a while before each end sits in CrashLoopBackOff rarely or never. Only ends with an error count,
 * of runs of at least {@link #SLOW}, and none around a disturbance of the node. Pods of Jobs retry
 * by design and are not meant. It is over when nothing failed for {@link #LASTING}.
 */
final class PodRestarting extends IncidentRule {
  static final Duration LASTING = Duration.ofHours(2);

  /** Shorter runs are a crash loop, or go by. */
  static final Duration SLOW = Duration.ofMinutes(3);

  /** What is older when it is first seen is no news. */
  static final Duration RECENT = Duration.ofMinutes(10);

  private static final String COMPLETE = "all containers were seen";

  private final int hourly;
  private final int daily;

  PodRestarting(Thresholds thresholds) {
    super(RuleSpec.of(IncidentType.POD_RESTARTING).reads(Section.PODS));
    this.hourly = Math.min(RestartLog.MOST, thresholds.count(Threshold.POD_RESTARTING_HOURLY));
    this.daily = Math.min(RestartLog.MOST, thresholds.count(Threshold.POD_RESTARTING_DAILY));
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    PodSight sight = new PodSight(input, spec().type());
    Disturbances disturbances = new Disturbances(input);
    boolean sawAll = !input.memory().recall(COMPLETE).isEmpty();
    boolean seesAll = input.complete(Section.PODS);
    List<Judgement> judgements = new ArrayList<>();
    for (Pod pod : sight.restless()) {
      if (!sight.judges(pod) || PodSight.isFailed(pod) || PodSight.isJob(pod)) {
        continue;
      }
      Instant disturbance = disturbances.last(pod.nodeName());
      for (ContainerSubject subject : ContainerSubject.of(new PodSubject(pod, sight))) {
        RestartLog log = log(subject, disturbance, sawAll);
        if (log.count() > 0) {
          seesAll &= input.memory().remember(subject.key(), log.numbers());
          judge(subject, log, judgements);
        }
      }
    }
    if (seesAll) {
      input.memory().remember(COMPLETE, List.of(1L));
    }
    return judgements;
  }

  private RestartLog log(ContainerSubject subject, @Nullable Instant disturbance, boolean sawAll) {
    RuleInput input = subject.about().input();
    ContainerStatus status = subject.status();
    int seen = status.restartCount() == null ? 0 : status.restartCount();
    if (seen == 0) {
      return new RestartLog(0, List.of());
    }
    RestartLog known = RestartLog.of(input.memory().recall(subject.key()));
    boolean isNew = known == null && !sawAll;
    RestartLog before = known != null ? known : new RestartLog(isNew ? seen : 0, List.of());
    Interval pardoned = Disturbances.discount(disturbance);
    boolean pardons = pardoned != null && pardoned.holds(input.now());
    Instant failedAt = pardons ? null : failedAt(status.lastTerminated(), input);
    return before.counted(seen, failedAt, input.now()).without(pardoned);
  }

  private static @Nullable Instant failedAt(@Nullable Terminated last, RuleInput input) {
    if (last == null || last.exitCode() == null || last.exitCode() == 0 || isShort(last)) {
      return null;
    }
    Instant at = input.serverTime(last.finishedAt());
    return at == null ? input.now() : at;
  }

  private static boolean isShort(Terminated run) {
    return ContainerConfigError.neverRan(run)
        || (run.startedAt() != null
            && run.finishedAt() != null
            && run.finishedAt() - run.startedAt() < SLOW.toMillis());
  }

  private void judge(ContainerSubject subject, RestartLog log, List<Judgement> judgements) {
    PodSubject pod = subject.about();
    RuleInput input = pod.input();
    Instant newest = log.newest();
    if (newest == null || newest.isBefore(input.now().minus(RECENT)) || pod.isDown()) {
      return;
    }
    Scope scope = subject.scope();
    if (log.within(Duration.ofHours(1), hourly)
        || log.within(Duration.ofHours(24), daily)
        || input.isOpen(scope)) {
      judgements.add(pod.tied(Judgement.happened(scope, symptom(subject), newest, LASTING)));
    }
  }

  private static Symptom symptom(ContainerSubject subject) {
    PodSubject pod = subject.about();
    Terminated last = subject.status().lastTerminated();
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    if (last != null) {
      evidence.put("lastEnd", List.of(CrashLoopSymptom.end(last)));
    }
    Severity severity = pod.input().severity(Severity.LOW, Severity.LOW, Severity.MEDIUM);
    return pod.symptom(severity, subject.name() + " fails from time to time", evidence);
  }
}
