package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.Workload;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A container whose image cannot be pulled, by the reasons of the kubelet's image manager. It may
 * take {@link Threshold#IMAGE_PULL_ERROR_FOR} from when the kubelet could begin, because pull
 * secrets are often made a little later; a name that cannot be right opens at once. Only an image
 * that is there resolves it: between two tries the kubelet gives changing reasons. One severity
 * lower while a rollout stands still and all replicas of the version before are available.
 */
final class ImagePullError extends PodRule<ContainerSubject> {
  private static final Set<String> REASONS =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "ErrImageNeverPull",
          "ImageInspectError",
          "RegistryUnavailable",
          "SignatureValidationFailed");
  private static final Set<String> AT_ONCE = Set.of("InvalidImageName", "ErrImageNeverPull");
  private static final Duration CLEAR_AFTER = Duration.ofSeconds(60);

  ImagePullError(Thresholds thresholds) {
    super(
        RuleSpec.of(IncidentType.IMAGE_PULL_ERROR)
            .reads(Section.PODS)
            .openAfter(thresholds.time(Threshold.IMAGE_PULL_ERROR_FOR))
            .clearAfter(CLEAR_AFTER));
  }

  static boolean isReason(String waitingFor) {
    return REASONS.contains(waitingFor);
  }

  @Override
  List<ContainerSubject> subjects(PodSubject pod) {
    return ContainerSubject.of(pod);
  }

  @Override
  Look look(ContainerSubject subject) {
    String reason = subject.waitingFor();
    if (reason != null && REASONS.contains(reason)) {
      return Look.WRONG;
    }
    ContainerStatus status = subject.status();
    String imageId = status.imageId();
    boolean pulled = imageId != null && !imageId.isEmpty();
    return pulled || status.running() != null || status.terminated() != null
        ? Look.WELL
        : Look.NEITHER;
  }

  @Override
  Judgement wrong(ContainerSubject subject) {
    PullFailure failure = PullFailure.of(subject);
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    evidence.put("reason", List.of(failure.cause()));
    Container container = subject.container();
    if (container != null && container.image() != null) {
      evidence.put("image", List.of(container.image()));
    }
    if (failure.message() != null) {
      evidence.put("message", List.of(failure.message()));
    }
    PodSubject pod = subject.about();
    String summary = subject.name() + " cannot pull its image: " + failure.words();
    boolean atOnce = AT_ONCE.contains(String.valueOf(subject.waitingFor()));
    return Judgement.yes(subject.scope(), pod.symptom(severity(pod), summary, evidence))
        .openAfter(atOnce ? Duration.ZERO : spec().openAfter())
        .since(pod.ready(subject.status()));
  }

  private static Severity severity(PodSubject pod) {
    Severity severity = pod.input().severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH);
    return isServedByOldReplicas(pod.workload()) ? Steps.lower(severity) : severity;
  }

  private static boolean isServedByOldReplicas(@Nullable Workload workload) {
    Workload.Replicas replicas = workload == null ? null : workload.replicas();
    if (replicas == null
        || replicas.total() == null
        || replicas.updated() == null
        || replicas.available() == null) {
      return false;
    }
    int old = replicas.total() - replicas.updated();
    return old > 0 && replicas.available() >= old;
  }
}
