package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kubelet evicted a pod because its node ran short. Evicted pods stay in the list, so only those
 * of the last {@link #RECENT} count. One severity higher when the workload or the node lost {@link
 * #MANY} within {@link #SURGE}. It is over when nothing was evicted for {@link #LASTING}. Drains
 * and preemption have other reasons and are not meant.
 */
final class PodEvicted extends IncidentRule {
  static final Duration RECENT = Duration.ofMinutes(15);
  static final Duration SURGE = Duration.ofMinutes(30);
  static final Duration LASTING = Duration.ofHours(1);
  static final int MANY = 3;

  private static final Causes CAUSES =
      Causes.none()
          .or("over_its_limit", "exceeds the (total )?limit|exceeded its local")
          .or("memory", "resource: memory|MemoryPressure")
          .or("ephemeral_storage", "resource: ephemeral-storage|DiskPressure|inodes")
          .or("pids", "resource: pids|PIDPressure");

  PodEvicted() {
    super(
        RuleSpec.of(IncidentType.POD_EVICTED)
            .reads(Section.PODS)
            .goingBy(Section.PODS, Section.NODES));
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    PodSight sight = new PodSight(input, spec().type());
    List<Eviction> evictions = new ArrayList<>();
    Map<Scope, List<Long>> places = new HashMap<>();
    for (Pod pod : sight.restless()) {
      Long at = isEvicted(pod) && sight.judges(pod) ? evictedAt(pod) : null;
      if (at != null) {
        Eviction eviction = new Eviction(new PodSubject(pod, sight), at);
        evictions.add(eviction);
        eviction.places().forEach(place -> times(places, place).add(at));
      }
    }
    Set<Scope> surging = new HashSet<>();
    places.forEach((place, times) -> surging.addAll(surges(times) ? Set.of(place) : Set.of()));
    List<Judgement> judgements = new ArrayList<>();
    for (Eviction eviction : evictions) {
      boolean many = eviction.places().stream().anyMatch(surging::contains);
      judge(eviction, many, judgements);
    }
    return judgements;
  }

  /** A pod that was evicted then, by the cluster's clock. */
  private record Eviction(PodSubject subject, long at) {
    /** Its workload and its node. */
    List<Scope> places() {
      String node = subject.pod().nodeName();
      Scope workload = subject.scope();
      return node == null ? List.of(workload) : List.of(workload, Scope.node(node));
    }
  }

  private static void judge(Eviction eviction, boolean many, List<Judgement> judgements) {
    PodSubject subject = eviction.subject;
    Instant at = subject.input().serverTime(eviction.at);
    if (at != null && subject.input().within(RECENT, eviction.at) && !subject.isDown()) {
      Symptom symptom = symptom(subject, many);
      judgements.add(subject.grown(Judgement.happened(subject.scope(), symptom, at, LASTING)));
    }
  }

  private static boolean isEvicted(Pod pod) {
    return PodSight.isFailed(pod) && "Evicted".equals(pod.status().reason());
  }

  /** The newest of what its status tells, by the cluster's clock. */
  private static @Nullable Long evictedAt(Pod pod) {
    Pod.PodStatus status = pod.status();
    Long newest = status.startedAt() == null ? pod.meta().createdAt() : status.startedAt();
    for (Condition condition : status.conditions()) {
      newest = later(newest, condition.lastTransitionAt());
    }
    for (ContainerStatus container : status.containers()) {
      ContainerStatus.Terminated end = container.terminated();
      newest = later(newest, end == null ? null : end.finishedAt());
    }
    return newest;
  }

  private static @Nullable Long later(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : Long.valueOf(Math.max(a, b));
  }

  private static List<Long> times(Map<Scope, List<Long>> places, Scope place) {
    return places.computeIfAbsent(place, any -> new ArrayList<>());
  }

  private static boolean surges(List<Long> times) {
    times.sort(Comparator.reverseOrder());
    return times.size() >= MANY && times.get(0) - times.get(MANY - 1) <= SURGE.toMillis();
  }

  private static Symptom symptom(PodSubject subject, boolean many) {
    String cause = CAUSES.first(subject.pod().status().message());
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    evidence.put("reason", List.of(cause == null ? "other" : cause));
    String node = subject.pod().nodeName();
    if (node != null) {
      evidence.put("nodes", List.of(node));
    }
    Severity one = subject.input().severity(Severity.LOW, Severity.LOW, Severity.MEDIUM);
    String what = many ? "Pods of " : "A pod of ";
    String summary = what + subject.name() + (many ? " were" : " was") + " evicted";
    return subject.symptom(many ? Steps.higher(one) : one, summary, evidence);
  }
}
