package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An init container that fails again and again, so that its pod never starts; sidecars are not
 * meant. One that gives up quickly may be waiting for something and gets {@link #PATIENCE}, until
 * its fifth restart. Only an init container that is done resolves it, for it runs between two
 * failures.
 */
final class InitContainerFailing extends PodRule<ContainerSubject> {
  static final Duration PATIENCE = Duration.ofMinutes(5);
  static final Duration QUICK = Duration.ofSeconds(10);
  private static final int ENOUGH = 2;
  private static final int MANY = 5;

  InitContainerFailing(Thresholds thresholds) {
    super(
        RuleSpec.of(IncidentType.INIT_CONTAINER_FAILING)
            .reads(Section.PODS)
            .openAfter(thresholds.time(Threshold.INIT_CONTAINER_FAILING_FOR)));
  }

  @Override
  List<ContainerSubject> subjects(PodSubject pod) {
    return pod.pod().status().initContainers().isEmpty() && pod.input().isQuiet()
        ? List.of()
        : ContainerSubject.of(pod).stream().filter(ContainerSubject::init).toList();
  }

  @Override
  Look look(ContainerSubject subject) {
    if (fails(subject)) {
      return subject.isSidecar() ? Look.WELL : Look.WRONG;
    }
    List<Condition> conditions = subject.about().pod().status().conditions();
    Condition initialized = Conditions.find(conditions, "Initialized");
    boolean all = initialized != null && initialized.status().equals("True");
    Terminated end = subject.status().terminated();
    return all || (end != null && isZero(end)) ? Look.WELL : Look.NEITHER;
  }

  private static boolean fails(ContainerSubject subject) {
    Terminated end = subject.status().terminated();
    return "CrashLoopBackOff".equals(subject.waitingFor())
        || (end != null && !isZero(end) && restarts(subject.status()) >= ENOUGH);
  }

  private static int restarts(ContainerStatus status) {
    return status.restartCount() == null ? 0 : status.restartCount();
  }

  private static boolean isZero(Terminated end) {
    return end.exitCode() != null && end.exitCode() == 0;
  }

  @Override
  Judgement wrong(ContainerSubject subject) {
    ContainerStatus status = subject.status();
    Terminated end = status.terminated() == null ? status.lastTerminated() : status.terminated();
    String how = end == null ? "" : ", last with exit code " + end.exitCode();
    PodSubject pod = subject.about();
    Severity severity = pod.input().severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH);
    Map<String, List<String>> evidence =
        end == null || end.message() == null
            ? Map.of()
            : Map.of("message", List.of(Causes.plain(end.message())));
    String summary = subject.name() + " fails again and again" + how;
    Duration patience = isQuick(end) && restarts(status) < MANY ? PATIENCE : Duration.ZERO;
    Duration usual = spec().openAfter();
    return Judgement.yes(subject.scope(), pod.symptom(severity, summary, evidence))
        .openAfter(usual.compareTo(patience) < 0 ? patience : usual);
  }

  private static boolean isQuick(@Nullable Terminated end) {
    return end != null
        && end.startedAt() != null
        && end.finishedAt() != null
        && end.finishedAt() - end.startedAt() < QUICK.toMillis();
  }
}
