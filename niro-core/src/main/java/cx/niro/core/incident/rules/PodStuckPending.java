package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.WarningEvent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pod that has a node but does not start, and nothing says that its image, its configuration or
 * its init containers are to blame. Time counts from when it was placed, or from the end of the
 * init containers that are done.
 */
final class PodStuckPending extends PodRule<PodSubject> {
  private static final Set<String> REASONS = Set.of("FailedMount", "FailedCreatePodSandBox");

  PodStuckPending(Thresholds thresholds) {
    super(
        RuleSpec.of(IncidentType.POD_STUCK_PENDING)
            .reads(Section.PODS)
            .openAfter(thresholds.time(Threshold.POD_STUCK_PENDING_FOR)));
  }

  @Override
  List<PodSubject> subjects(PodSubject pod) {
    return List.of(pod);
  }

  @Override
  Look look(PodSubject subject) {
    Pod pod = subject.pod();
    if (!"Pending".equals(pod.status().phase())) {
      return Look.WELL;
    }
    return pod.nodeName() == null || subject.hasOwnReason() ? Look.NEITHER : Look.WRONG;
  }

  @Override
  Judgement wrong(PodSubject subject) {
    Pod pod = subject.pod();
    boolean initializes = pod.status().initContainers().stream().anyMatch(PodStuckPending::runs);
    List<WarningEvent> events = subject.events(REASONS);
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    evidence.put("reason", List.of(initializes ? "initializing" : "creating"));
    if (!events.isEmpty()) {
      evidence.put("events", PodSubject.reasons(events));
      evidence.put("message", PodSubject.oldestMessage(events));
    }
    String what = initializes ? "do not get beyond their init containers" : "are not started";
    Severity severity = subject.input().severity(Severity.LOW, Severity.MEDIUM, Severity.MEDIUM);
    String summary = "Pods of " + subject.name() + " have a node but " + what;
    return Judgement.yes(subject.scope(), subject.symptom(severity, summary, evidence))
        .since(began(subject));
  }

  private static boolean runs(ContainerStatus status) {
    return status.running() != null;
  }

  private static @Nullable Instant began(PodSubject subject) {
    Instant placed = subject.sight().turned(subject.pod(), "PodScheduled", "True");
    Instant ready = subject.ready(null);
    return placed == null || (ready != null && ready.isAfter(placed)) ? ready : placed;
  }
}
