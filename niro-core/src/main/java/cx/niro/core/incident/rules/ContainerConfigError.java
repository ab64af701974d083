package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A container that the kubelet cannot make or start from what its pod asks for: a ConfigMap or
 * Secret is missing, the command does not exist, a hook fails. A ConfigMap that is made seconds
 * after the pod is in time. One that could not be started also while it backs off.
 */
final class ContainerConfigError extends PodRule<ContainerSubject> {
  private static final Set<String> REASONS =
      Set.of(
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError",
          "PreCreateHookError",
          "PreStartHookError",
          "PostStartHookError",
          "ContainerCannotRun");
  private static final Set<String> ENDS = Set.of("ContainerCannotRun", "StartError");
  private static final Duration CLEAR_AFTER = Duration.ofMinutes(1);

  private static final Causes CAUSES =
      Causes.none()
          .or("missing_key", "couldn't find key|references non-existent config key")
          .or("missing_config_map", "configmap.* not found")
          .or("missing_secret", "secret.* not found")
          .or("runs_as_root", "runAsNonRoot|will run as root")
          .or("command_not_found", "executable file not found|no such file or directory")
          .or("not_permitted", "permission denied|operation not permitted")
          .or("name_in_use", "name .*is reserved for|already in use");

  private static final Map<String, String> WORDS =
      Map.of(
          "missing_key", "a key that it refers to is missing",
          "missing_config_map", "a ConfigMap is missing",
          "missing_secret", "a Secret is missing",
          "runs_as_root", "it must not run as root, but would",
          "command_not_found", "its command or a file does not exist",
          "not_permitted", "permission denied",
          "name_in_use", "its name is in use on the node");

  ContainerConfigError(Thresholds thresholds) {
    super(
        RuleSpec.of(IncidentType.CONTAINER_CONFIG_ERROR)
            .reads(Section.PODS)
            .openAfter(thresholds.time(Threshold.CONTAINER_CONFIG_ERROR_FOR))
            .clearAfter(CLEAR_AFTER));
  }

  @Override
  List<ContainerSubject> subjects(PodSubject pod) {
    return ContainerSubject.of(pod);
  }

  @Override
  Look look(ContainerSubject subject) {
    if (isRefused(subject) || failedStart(subject) != null) {
      return Look.WRONG;
    }
    ContainerStatus status = subject.status();
    boolean started = status.running() != null || status.terminated() != null;
    return started || isBackingOff(subject) ? Look.WELL : Look.NEITHER;
  }

  private static boolean isRefused(ContainerSubject subject) {
    String reason = subject.waitingFor();
    return reason != null && REASONS.contains(reason);
  }

  /** The end of a container that never ran, while nothing newer is known. */
  private static @Nullable Terminated failedStart(ContainerSubject subject) {
    ContainerStatus status = subject.status();
    Terminated end = isBackingOff(subject) ? status.lastTerminated() : status.terminated();
    return end != null && neverRan(end) ? end : null;
  }

  /** Such an end says 1970 as its start. */
  static boolean neverRan(Terminated end) {
    return end.reason() != null && ENDS.contains(end.reason());
  }

  private static boolean isBackingOff(ContainerSubject subject) {
    return "CrashLoopBackOff".equals(subject.waitingFor());
  }

  @Override
  Judgement wrong(ContainerSubject subject) {
    String message = message(subject);
    String cause = CAUSES.first(message);
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    evidence.put("reason", List.of(cause == null ? "other" : cause));
    if (message != null) {
      evidence.put("message", List.of(Causes.plain(message)));
    }
    String why = cause == null ? "the kubelet refuses it" : WORDS.getOrDefault(cause, cause);
    PodSubject pod = subject.about();
    Severity severity = pod.input().severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH);
    String summary = subject.name() + " cannot be started: " + why;
    return Judgement.yes(subject.scope(), pod.symptom(severity, summary, evidence))
        .since(pod.ready(subject.status()));
  }

  private static @Nullable String message(ContainerSubject subject) {
    Terminated end = failedStart(subject);
    if (end != null) {
      return end.message();
    }
    ContainerStatus.Waiting waiting = subject.status().waiting();
    return waiting == null ? null : waiting.message();
  }
}
