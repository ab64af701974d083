package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.WarningEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A pod whose volumes cannot be attached or mounted: events say so over {@link
 * Threshold#VOLUME_MOUNT_FAILED_FOR}, while no container was made yet. A single failure right after
 * the pod was placed is normal. Events go after an hour, so their absence resolves nothing.
 */
final class VolumeMountFailed extends PodRule<PodSubject> {
  private static final Set<String> REASONS =
      Set.of("FailedMount", "FailedAttachVolume", "FailedMapVolume");
  private static final Pattern VOLUME = Pattern.compile("volume \"([^\"]+)\"");

  private static final Causes CAUSES =
      Causes.none()
          .or("multi_attach", "multi-attach")
          .or("missing_config_map", "configmap.* not found")
          .or("missing_secret", "secret.* not found")
          .or("driver_missing", "registered csi drivers")
          .or("not_permitted", "access denied|permission denied|not permitted")
          .or("bad_file_system", "wrong fs type|bad superblock|can't read superblock")
          .or("host_path", "hostpath type check")
          .or("timeout", "timed out|deadline exceeded|timeout");

  private final Duration spread;

  VolumeMountFailed(Thresholds thresholds) {
    super(RuleSpec.of(IncidentType.VOLUME_MOUNT_FAILED).reads(Section.PODS, Section.EVENTS));
    this.spread = thresholds.time(Threshold.VOLUME_MOUNT_FAILED_FOR);
  }

  @Override
  List<PodSubject> subjects(PodSubject pod) {
    return List.of(pod);
  }

  @Override
  Look look(PodSubject subject) {
    Pod pod = subject.pod();
    if (pod.nodeName() == null) {
      return Look.NEITHER;
    }
    if (!"Pending".equals(pod.status().phase()) || subject.hasOwnReason() || begins(pod)) {
      return Look.WELL;
    }
    return spread(subject.events(REASONS)).compareTo(spread) >= 0 ? Look.WRONG : Look.NEITHER;
  }

  /** Whether a container was made, which takes the volumes. */
  private static boolean begins(Pod pod) {
    return Stream.concat(pod.status().initContainers().stream(), pod.status().containers().stream())
        .anyMatch(VolumeMountFailed::isMade);
  }

  private static boolean isMade(ContainerStatus status) {
    return status.running() != null || status.terminated() != null;
  }

  private static Duration spread(List<WarningEvent> events) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (WarningEvent event : events) {
      Long from = event.firstSeenAt();
      Long to = event.lastSeenAt();
      first = from == null ? first : Math.min(first, from);
      last = to == null ? last : Math.max(last, to);
    }
    return first >= last ? Duration.ZERO : Duration.ofMillis(last - first);
  }

  @Override
  Judgement wrong(PodSubject subject) {
    List<WarningEvent> events = subject.events(REASONS);
    List<String> causes =
        events.stream()
            .map(event -> CAUSES.first(event.message()))
            .filter(Objects::nonNull)
            .toList();
    List<String> told =
        causes.isEmpty() ? List.of("other") : causes.stream().sorted().distinct().toList();
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    evidence.put("reason", told);
    evidence.put("events", PodSubject.reasons(events));
    evidence.put("volumes", volumes(events));
    evidence.put("message", PodSubject.oldestMessage(events));
    Severity severity = subject.input().severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH);
    String summary =
        "Pods of "
            + subject.name()
            + " wait for volumes that cannot be mounted: "
            + String.join(", ", told).replace('_', ' ');
    return Judgement.yes(subject.scope(), subject.symptom(severity, summary, evidence));
  }

  private static List<String> volumes(List<WarningEvent> events) {
    return events.stream()
        .map(event -> event.message() == null ? "" : event.message())
        .flatMap(message -> VOLUME.matcher(message).results())
        .map((MatchResult found) -> found.group(1))
        .sorted()
        .distinct()
        .toList();
  }
}
