package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A container was killed for want of memory, and the runtime says so: exit code 137 alone does not
 * tell. An end that is shown for ever counts only while it is {@link #RECENT}. One severity higher
 * after a second time within {@link #AGAIN}. It is over when it did not happen for {@link
 * #LASTING}.
 */
final class ContainerOomKilled extends IncidentRule {
  static final Duration RECENT = Duration.ofMinutes(10);
  static final Duration AGAIN = Duration.ofMinutes(30);
  static final Duration LASTING = Duration.ofHours(1);
  private static final int REMEMBERED = 4;
  private static final long MEBIBYTE = 1L << 20;

  ContainerOomKilled() {
    super(
        RuleSpec.of(IncidentType.CONTAINER_OOM_KILLED)
            .reads(Section.PODS)
            .goingBy(Section.PODS, Section.NODES));
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    PodSight sight = new PodSight(input, spec().type());
    List<Kill> kills = new ArrayList<>();
    Map<Scope, NavigableSet<Long>> byScope = new HashMap<>();
    for (Pod pod : sight.restless()) {
      if (!sight.judges(pod)) {
        continue;
      }
      for (ContainerSubject subject : ContainerSubject.of(new PodSubject(pod, sight))) {
        NavigableSet<Long> times = times(subject, input);
        if (!times.isEmpty()) {
          kills.add(new Kill(subject, times.last()));
          byScope.computeIfAbsent(subject.scope(), any -> new TreeSet<>()).addAll(times);
        }
      }
    }
    List<Judgement> judgements = new ArrayList<>();
    for (Kill kill : kills) {
      NavigableSet<Long> all = byScope.get(kill.subject.scope());
      judge(kill, all != null && all.size() > 1, judgements);
    }
    return judgements;
  }

  /** A container that was killed at last then, by the cluster's clock. */
  private record Kill(ContainerSubject subject, long at) {}

  /** When it was killed lately, by the cluster's clock; a newer end hides an older one. */
  private static NavigableSet<Long> times(ContainerSubject subject, RuleInput input) {
    ContainerStatus status = subject.status();
    if (!isLate(status.terminated(), input) && !isLate(status.lastTerminated(), input)) {
      return new TreeSet<>();
    }
    NavigableSet<Long> times = new TreeSet<>(input.memory().recall(subject.key()));
    add(status.terminated(), times);
    add(status.lastTerminated(), times);
    times.removeIf(at -> !input.within(AGAIN, at));
    while (times.size() > REMEMBERED) {
      times.pollFirst();
    }
    if (!times.isEmpty()) {
      input.memory().remember(subject.key(), List.copyOf(times));
    }
    return times;
  }

  private static boolean isLate(@Nullable Terminated end, RuleInput input) {
    return end != null && input.within(AGAIN, end.finishedAt());
  }

  private static void add(@Nullable Terminated end, NavigableSet<Long> times) {
    if (end != null && "OOMKilled".equals(end.reason()) && end.finishedAt() != null) {
      times.add(end.finishedAt());
    }
  }

  private static void judge(Kill kill, boolean again, List<Judgement> judgements) {
    PodSubject pod = kill.subject.about();
    Instant at = pod.input().serverTime(kill.at);
    if (at != null && pod.input().within(RECENT, kill.at) && !pod.isDown()) {
      Symptom symptom = symptom(kill.subject, again);
      judgements.add(pod.grown(Judgement.happened(kill.subject.scope(), symptom, at, LASTING)));
    }
  }

  private static Symptom symptom(ContainerSubject subject, boolean again) {
    PodSubject pod = subject.about();
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    Container container = subject.container();
    Long limit =
        container == null || container.limits() == null ? null : container.limits().memoryBytes();
    if (limit != null) {
      evidence.put("memoryLimit", List.of(limit / MEBIBYTE + " MiB"));
    }
    Severity once = pod.input().severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH);
    String summary =
        subject.name() + " was killed for want of memory" + (again ? " again and again" : "");
    return pod.symptom(again ? Steps.higher(once) : once, summary, evidence);
  }
}
