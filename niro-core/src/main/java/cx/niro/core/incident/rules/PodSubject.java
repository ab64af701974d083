package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One pod as a rule looks at it; its incident is about its workload. */
record PodSubject(Pod pod, PodSight sight) implements PodRule.Subject {
  private static final Set<String> BEING_MADE = Set.of("ContainerCreating", "PodInitializing");

  @Override
  public PodSubject about() {
    return this;
  }

  @Override
  public Scope scope() {
    return Scope.workload(pod);
  }

  RuleInput input() {
    return sight.input();
  }

  @Nullable Workload workload() {
    return sight.workload(scope());
  }

  /** The pod's own, else its workload's template; null when neither was sent. */
  @Nullable PodSpec spec() {
    if (pod.spec() != null) {
      return pod.spec();
    }
    Workload workload = workload();
    return workload == null ? null : workload.template();
  }

  /** {@code Deployment shop/web}. */
  String name() {
    String[] parts = scope().value().split("/", 4);
    return parts[2] + " " + parts[1] + "/" + parts[3];
  }

  /** When the kubelet could begin with a container: the pod was taken up, init containers ended. */
  @Nullable Instant ready(@Nullable ContainerStatus status) {
    RuleInput input = input();
    Instant began = input.serverTime(pod.status().startedAt());
    began = began == null ? input.serverTime(pod.meta().createdAt()) : began;
    for (ContainerStatus init : pod.status().initContainers()) {
      began = later(began, ended(init.terminated(), input));
    }
    return later(began, status == null ? null : ended(status.lastTerminated(), input));
  }

  /** Whether a container waits for a reason of its own, rather than just being made. */
  boolean hasOwnReason() {
    return pod.status().initContainers().stream().anyMatch(PodSubject::hasOwnReason)
        || pod.status().containers().stream().anyMatch(PodSubject::hasOwnReason);
  }

  private static boolean hasOwnReason(ContainerStatus status) {
    String reason = status.waiting() == null ? null : status.waiting().reason();
    return reason != null && !BEING_MADE.contains(reason);
  }

  /** Warnings about this pod for one of these reasons, oldest first. */
  List<WarningEvent> events(Set<String> reasons) {
    return sight.events(pod).stream()
        .filter(event -> event.reason() != null && reasons.contains(event.reason()))
        .sorted(
            Comparator.comparing(
                event -> event.firstSeenAt() == null ? Long.MAX_VALUE : event.firstSeenAt()))
        .toList();
  }

  static List<String> reasons(List<WarningEvent> events) {
    return events.stream()
        .map(event -> String.valueOf(event.reason()))
        .sorted()
        .distinct()
        .toList();
  }

  /** One of them, the same while it is there: which is the newest changes with every try. */
  static List<String> oldestMessage(List<WarningEvent> events) {
    return events.stream()
        .map(WarningEvent::message)
        .filter(Objects::nonNull)
        .map(Causes::plain)
        .limit(1)
        .toList();
  }

  boolean isDown() {
    return sight.isDown(pod);
  }

  /** The judgement on a pod that is old enough; until then unknown, and then asked again. */
  Judgement grown(Judgement judgement) {
    Instant grownAt = sight.grownAt(pod);
    return grownAt == null
        ? tied(judgement)
        : Judgement.unknown(judgement.scope()).recheckAt(grownAt);
  }

  /** A judgement that says where its pod runs and what it mounts. */
  Judgement tied(Judgement judgement) {
    return judgement.dependsOn(dependencies(pod, spec()));
  }

  static Scope[] dependencies(Pod pod, @Nullable PodSpec spec) {
    Set<Scope> scopes = new LinkedHashSet<>();
    if (pod.nodeName() != null) {
      scopes.add(Scope.node(pod.nodeName()));
    }
    String namespace = pod.meta().namespace();
    if (spec != null && namespace != null) {
      spec.volumes().stream()
          .filter(volume -> volume.claimName() != null)
          .forEach(volume -> scopes.add(Scope.claim(namespace, volume.claimName())));
    }
    return scopes.toArray(Scope[]::new);
  }

  /** What is wrong, with the pod's name as the last evidence. */
  Symptom symptom(Severity severity, String summary, Map<String, List<String>> evidence) {
    Map<String, List<String>> all = new LinkedHashMap<>(evidence);
    all.put("pods", List.of(pod.meta().name()));
    return new Symptom(severity, summary, all);
  }

  private static @Nullable Instant ended(@Nullable Terminated end, RuleInput input) {
    return end == null ? null : input.serverTime(end.finishedAt());
  }

  private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
    return a == null ? b : b == null || a.isAfter(b) ? a : b;
  }
}
