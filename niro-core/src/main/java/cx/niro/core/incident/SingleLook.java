package cx.niro.core.incident;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.incident.DetectionInput.Beat;
import cx.niro.core.incident.DetectionInput.Liveness;
import cx.niro.core.snapshot.ClusterSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Judges a cluster of which there is one snapshot and no history: two evaluations of the same
 * content, one interval apart, of a cluster that was always known, so that what lasts long enough
 * by the objects' own times opens and everything else stays pending.
 */
final class SingleLook {
  private static final ClusterId CLUSTER = new ClusterId("look");
  private static final Duration UNKNOWN_AFTER = Duration.ofSeconds(65);
  private static final Duration OFFLINE_AFTER = Duration.ofSeconds(150);
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  private record Subject(IncidentType type, Scope scope) {}

  private final ClusterSnapshot snapshot;
  private final Environment environment;
  private final Map<Subject, Judgement> wrong = new HashMap<>();
  private final Map<Fingerprint, Diagnosis.Cause> known = new HashMap<>();

  SingleLook(ClusterSnapshot snapshot, Environment environment) {
    this.snapshot = snapshot;
    this.environment = environment;
  }

  /** Passes judgements on and keeps those that say that something is wrong. */
  private final class Noted extends IncidentRule {
    private final IncidentRule rule;

    Noted(IncidentRule rule) {
      super(rule.spec());
      this.rule = rule;
    }

    @Override
    protected List<Judgement> judge(RuleInput input) {
      List<Judgement> judgements = rule.judge(input);
      for (Judgement one : judgements) {
        if (one.symptom() != null) {
          wrong.merge(new Subject(spec().type(), one.scope()), one, Judgement::and);
        }
      }
      return judgements;
    }
  }

  /** The worst first; what is pending after what is not. */
  List<Diagnosis> at(
      Instant now,
      List<IncidentRule> rules,
      List<Inhibition> inhibitions,
      BiConsumer<IncidentRule, RuntimeException> failures) {
    List<IncidentRule> noted = new ArrayList<>();
    rules.forEach(rule -> noted.add(new Noted(rule)));
    Remembered always = Remembered.nothing().born(Instant.EPOCH);
    DetectionResult first =
        new Evaluation(always, input(now.minus(INTERVAL), 1)).run(noted, inhibitions, failures);
    wrong.clear();
    DetectionResult second =
        new Evaluation(StateText.read(first.state().text()), input(now, 2))
            .run(noted, inhibitions, failures);
    return diagnoses(StateText.read(second.state().text()));
  }

  private DetectionInput input(Instant at, long sequence) {
    Liveness liveness = new Liveness(at.minus(INTERVAL), at, UNKNOWN_AFTER, OFFLINE_AFTER);
    Beat beat = new Beat(at, 1, sequence, false);
    return new DetectionInput(CLUSTER, environment, snapshot, beat, liveness, at);
  }

  private List<Diagnosis> diagnoses(Remembered after) {
    after
        .tracks()
        .forEach(
            (type, of) ->
                of.keySet()
                    .forEach(
                        scope ->
                            known.put(
                                Fingerprint.of(CLUSTER, type, scope),
                                new Diagnosis.Cause(type, scope))));
    List<Diagnosis> diagnoses = new ArrayList<>();
    after
        .tracks()
        .forEach(
            (type, of) ->
                of.forEach((scope, track) -> add(new Subject(type, scope), track, diagnoses)));
    diagnoses.sort(
        Comparator.comparing(Diagnosis::pending)
            .thenComparing(one -> one.symptom().severity(), Comparator.reverseOrder())
            .thenComparing(one -> one.type().name())
            .thenComparing(one -> one.scope().value()));
    return diagnoses;
  }

  private void add(Subject subject, Track track, List<Diagnosis> diagnoses) {
    Judgement judgement = wrong.get(subject);
    Symptom symptom = judgement == null ? null : judgement.symptom();
    if (symptom == null) {
      return;
    }
    Fingerprint by = track.quiet().suppressedBy();
    Diagnosis.@Nullable Cause cause = by == null ? null : known.get(by);
    diagnoses.add(
        new Diagnosis(
            subject.type(), subject.scope(), symptom, !track.isOpen(), track.since(), cause));
  }
}
