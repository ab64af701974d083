package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.Pod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a crash loop is told: by how the container ended last. Counts stay out, they never rest. */
final class CrashLoopSymptom {
  private CrashLoopSymptom() {}

  static Symptom of(Pod pod, ContainerStatus status) {
    Terminated last = status.terminated() == null ? status.lastTerminated() : status.terminated();
    boolean completes = last != null && last.exitCode() != null && last.exitCode() == 0;
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    evidence.put("reason", List.of(completes ? "completes_and_restarts" : cause(last)));
    if (last != null) {
      evidence.put("lastEnd", List.of(end(last)));
    }
    if (last != null && last.message() != null) {
      evidence.put("message", List.of(last.message()));
    }
    evidence.put("pods", List.of(pod.meta().name()));
    return new Symptom(
        completes ? Severity.MEDIUM : Severity.HIGH,
        summary(pod, status, last, completes),
        evidence);
  }

  private static String summary(
      Pod pod, ContainerStatus status, @Nullable Terminated last, boolean completes) {
    String[] workload = Scope.workload(pod).value().split("/", 4);
    String subject =
        "Container " + status.name() + " of " + workload[2] + " " + workload[1] + "/" + workload[3];
    if (completes) {
      return subject + " completes and is restarted again and again";
    }
    String how = last == null ? "" : ", last ended with " + end(last);
    return subject + " is crash looping" + how;
  }

  static String end(Terminated last) {
    String reason = last.reason() == null ? "no reason given" : last.reason();
    return "exit code " + last.exitCode() + " (" + reason + ")";
  }

  private static String cause(@Nullable Terminated last) {
    return last != null && "OOMKilled".equals(last.reason()) ? "oom_killed" : "crashes";
  }
}
