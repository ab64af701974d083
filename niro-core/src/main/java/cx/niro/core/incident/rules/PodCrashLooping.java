package cx.niro.core.incident.rules;

import cx.niro.core.Environment;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.ContainerStatus.Waiting;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container or sidecar that is started again and again; other init containers are {@link
 * InitContainerFailing}'s. Restarts are counted here, by pod uid and container, from the counter
 * that the kubelet keeps; events are never counted. It is looping
 *
 * <ul>
 *   <li>while it waits in CrashLoopBackOff after {@link #WAITING_RESTARTS} restarts (dev {@link
 *       #WAITING_RESTARTS_DEV}) within the window,
 *   <li>after more than {@link Threshold#POD_CRASH_LOOPING_RESTARTS} restarts within the window,
 *   <li>at first sight, when it waits in CrashLoopBackOff, died within the window and was restarted
 *       as many times before.
 * </ul>
 *
 * Pods of Jobs retry by design and need more. Restarts around a disturbance of the node do not
 * count, unless the container is still not ready {@link #PARDON} later.
 *
 * <p>Once open it stays open until every container of the scope ran and was ready for {@link
 * #CLEAR_AFTER}, which is when the kubelet forgets its back-off, and at least {@link
 * #AFTER_WAITING} after CrashLoopBackOff and {@link #AFTER_RESTART} after a restart were last seen:
 * the kubelet's back-off of 300 s makes the rate of restarts fall below any threshold while the
 * loop goes on.
 */
final class PodCrashLooping extends IncidentRule {
  static final int WAITING_RESTARTS = 2;
  static final int WAITING_RESTARTS_DEV = 3;
  static final Duration CLEAR_AFTER = Duration.ofMinutes(10);
  static final Duration AFTER_WAITING = Duration.ofMinutes(6);
  static final Duration AFTER_RESTART = Duration.ofMinutes(11);
  static final Duration PARDON = Duration.ofMinutes(10);
  static final Duration YOUNG = Duration.ofSeconds(60);

  private static final String COMPLETE = "all containers were seen";

  private final Duration window;
  private final int enoughRestarts;
  private final int enoughJobRestarts;

  PodCrashLooping(Thresholds thresholds) {
    super(RuleSpec.of(IncidentType.POD_CRASH_LOOPING).reads(Section.PODS).clearAfter(CLEAR_AFTER));
    this.window = thresholds.time(Threshold.POD_CRASH_LOOPING_WINDOW);
    this.enoughRestarts = thresholds.count(Threshold.POD_CRASH_LOOPING_RESTARTS);
    this.enoughJobRestarts = thresholds.count(Threshold.POD_CRASH_LOOPING_JOB_RESTARTS);
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    Disturbances disturbances = new Disturbances(input);
    PodSight pods = new PodSight(input, spec().type());
    boolean sawAll = !input.memory().recall(COMPLETE).isEmpty();
    boolean seesAll = input.complete(Section.PODS);
    List<Judgement> judgements = new ArrayList<>();
    List<Pod> all = input.snapshot().objects().pods();
    for (Pod pod : input.isQuiet() ? pods.restless() : all) {
      seesAll &= judge(pod, new Sight(input, disturbances, pods, sawAll), judgements);
    }
    if (seesAll) {
      input.memory().remember(COMPLETE, List.of(1L));
    }
    return judgements;
  }

  /** What is the same for all pods of one evaluation. */
  private record Sight(RuleInput input, Disturbances disturbances, PodSight pods, boolean sawAll) {}

  /** One container of one pod, and how often it was restarted. */
  private record Subject(Pod pod, Scope scope, ContainerStatus status, Restarts restarts) {}

  /** False when not everything could be remembered. */
  private boolean judge(Pod pod, Sight sight, List<Judgement> judgements) {
    boolean remembered = true;
    Scope workload = null;
    for (ContainerStatus status : containers(pod, sight)) {
      Restarts restarts = restarts(pod, status, sight);
      if (restarts.count() > 0) {
        remembered &= sight.input.memory().remember(key(pod, status), restarts.numbers());
      }
      boolean calm = restarts.observed().isEmpty() && !isBackingOff(status);
      if (!isOver(pod) && !(calm && sight.input.isQuiet())) {
        workload = workload == null ? Scope.workload(pod) : workload;
        Scope scope = workload.container(status.name());
        judgements.add(judge(new Subject(pod, scope, status, restarts), sight));
      }
    }
    return remembered;
  }

  private Judgement judge(Subject subject, Sight sight) {
    RuleInput input = sight.input;
    Pod pod = subject.pod;
    if (subject.status.restartCount() == null || sight.disturbances.isDown(pod.nodeName())) {
      return Judgement.unknown(subject.scope);
    }
    Instant disturbance = sight.disturbances.last(pod.nodeName());
    boolean open = input.isOpen(subject.scope);
    if (open && isReady(subject)) {
      return Judgement.no(subject.scope).notBefore(latchedUntil(subject.restarts));
    }
    boolean looping = isLooping(subject, disturbance, input);
    Duration age = input.age(pod.meta().createdAt());
    if (looping && age != null && age.compareTo(YOUNG) < 0) {
      return Judgement.unknown(subject.scope).recheckAt(input.now().plus(YOUNG).minus(age));
    }
    if (looping || (open && hasEnded(subject.status))) {
      return Judgement.yes(subject.scope, CrashLoopSymptom.of(pod, subject.status))
          .dependsOn(PodSubject.dependencies(pod, pod.spec()));
    }
    return open
        ? Judgement.unknown(subject.scope)
        : Judgement.no(subject.scope).recheckAt(pardonEnd(subject, disturbance, input));
  }

  private boolean isLooping(Subject subject, @Nullable Instant disturbance, RuleInput input) {
    Instant now = input.now();
    boolean sick =
        disturbance != null && !isReady(subject) && !now.isBefore(disturbance.plus(PARDON));
    Interval discount = sick ? null : Disturbances.discount(disturbance);
    boolean job = PodSight.isJob(subject.pod);
    int limit = job ? enoughJobRestarts : enoughRestarts;
    long restarts = subject.restarts.since(now.minus(window), discount, limit);
    if (restarts > limit) {
      return true;
    }
    if (!isBackingOff(subject.status)) {
      return false;
    }
    boolean dev = input.environment() == Environment.DEV;
    int enough = job ? enoughJobRestarts : dev ? WAITING_RESTARTS_DEV : WAITING_RESTARTS;
    return restarts >= enough || loopedBefore(subject, limit, discount, input);
  }

  /**
   * The first-sight form: how often it was restarted before anybody counted is all that is known.
   */
  private boolean loopedBefore(
      Subject subject, int limit, @Nullable Interval discount, RuleInput input) {
    Instant baselineAt = subject.restarts.baselineAt();
    Terminated last = subject.status.lastTerminated();
    boolean pardoned = discount != null && discount.holds(input.now());
    return baselineAt != null
        && baselineAt.isAfter(input.now().minus(window))
        && subject.restarts.count() >= limit
        && !pardoned
        && last != null
        && input.within(window, last.finishedAt());
  }

  private Restarts restarts(Pod pod, ContainerStatus status, Sight sight) {
    Instant now = sight.input.now();
    Integer seen = status.restartCount();
    if (seen != null && seen == 0 && !isBackingOff(status)) {
      return Restarts.none();
    }
    Restarts known = Restarts.of(sight.input.memory().recall(key(pod, status)));
    if (seen == null) {
      return known == null ? Restarts.none() : known;
    }
    boolean countable = sight.sawAll || sight.input.within(window, pod.meta().createdAt());
    Restarts before = known != null ? known : countable ? Restarts.none() : null;
    Restarts after =
        before == null || isOld(before, status, sight)
            ? Restarts.baseline(seen, now)
            : before.counted(seen, now);
    return isBackingOff(status) ? after.waiting(now) : after;
  }

  /** Whether restarts are news of the past: the newest of them ended longer ago than the window. */
  private boolean isOld(Restarts before, ContainerStatus status, Sight sight) {
    Terminated last = status.lastTerminated();
    Duration age = last == null ? null : sight.input.age(last.finishedAt());
    Integer seen = status.restartCount();
    return seen != null && seen > before.count() && age != null && age.compareTo(window) > 0;
  }

  private static boolean isReady(Subject subject) {
    ContainerStatus status = subject.status;
    return status.running() != null && Boolean.TRUE.equals(status.ready());
  }

  private static @Nullable Instant latchedUntil(Restarts restarts) {
    Instant waited = restarts.waitingAt();
    Instant restarted = restarts.newest();
    Instant afterWaiting = waited == null ? null : waited.plus(AFTER_WAITING);
    Instant afterRestart = restarted == null ? null : restarted.plus(AFTER_RESTART);
    boolean waitingLasts =
        afterRestart == null || (afterWaiting != null && afterWaiting.isAfter(afterRestart));
    return waitingLasts ? afterWaiting : afterRestart;
  }

  private static @Nullable Instant pardonEnd(
      Subject subject, @Nullable Instant disturbance, RuleInput input) {
    Instant end = disturbance == null ? null : disturbance.plus(PARDON);
    return end != null && end.isAfter(input.now()) && isBackingOff(subject.status) ? end : null;
  }

  private static boolean hasEnded(ContainerStatus status) {
    return status.terminated() != null || status.lastTerminated() != null;
  }

  private static boolean isBackingOff(ContainerStatus status) {
    Waiting waiting = status.waiting();
    return waiting != null && "CrashLoopBackOff".equals(waiting.reason());
  }

  /** Finished pods, those being deleted and those exempted. */
  private static boolean isOver(Pod pod) {
    String phase = pod.status().phase();
    return pod.meta().deletedAt() != null
        || "Succeeded".equals(phase)
        || "Failed".equals(phase)
        || PodSight.isExempt(pod, IncidentType.POD_CRASH_LOOPING);
  }

  private static List<ContainerStatus> containers(Pod pod, Sight sight) {
    if (pod.status().initContainers().isEmpty()) {
      return pod.status().containers();
    }
    PodSubject about = new PodSubject(pod, sight.pods);
    return ContainerSubject.of(about).stream()
        .filter(one -> !one.init() || one.isSidecar())
        .map(ContainerSubject::status)
        .toList();
  }

  private static String key(Pod pod, ContainerStatus status) {
    return pod.meta().uid() + "/" + status.name();
  }
}
