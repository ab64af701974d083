package cx.niro.core.incident.rules;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.snapshot.PersistentVolumeClaim;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.WarningEvent.InvolvedObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A claim that is Pending for 5 minutes and should not be: provisioning failed, by an event, or a
 * pod waits for it. A claim of a storage class that binds when a pod is placed is Pending by
 * design, and so may be one whose class's mode the agent does not know: those need the event. One
 * without a class waits for no pod. An unused claim whose provisioning failed is low.
 *
 * <p>Events last an hour; that one is gone says nothing, so what it opened stays while the claim is
 * Pending and used.
 */
final class PvcPending extends IncidentRule {
  private static final Set<String> FAILURES = Set.of("ProvisioningFailed", "FailedBinding");

  PvcPending(Thresholds thresholds) {
    super(
        RuleSpec.of(IncidentType.PVC_PENDING)
            .reads(Section.PERSISTENT_VOLUME_CLAIMS)
            .goingBy(Section.PERSISTENT_VOLUME_CLAIMS, Section.EVENTS)
            .openAfter(thresholds.time(Threshold.PVC_PENDING_FOR)));
  }

  static Scope scope(PersistentVolumeClaim claim) {
    String namespace = claim.meta().namespace();
    return Scope.claim(namespace == null ? "" : namespace, claim.meta().name());
  }

  static String name(PersistentVolumeClaim claim) {
    return claim.meta().namespace() + "/" + claim.meta().name();
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    Map<String, WarningEvent> failures = failures(input);
    List<Judgement> judgements = new ArrayList<>();
    for (PersistentVolumeClaim claim : input.snapshot().objects().persistentVolumeClaims()) {
      if (claim.meta().deletedAt() == null) {
        judgements.add(judge(claim, failures.get(claim.meta().uid()), input));
      }
    }
    return judgements;
  }

  private static Judgement judge(
      PersistentVolumeClaim claim, @Nullable WarningEvent failure, RuleInput input) {
    Scope scope = scope(claim);
    if (claim.phase() == null) {
      return Judgement.unknown(scope);
    }
    if (!claim.phase().equals("Pending")) {
      return Judgement.no(scope);
    }
    Integer users = claim.mountedBy();
    boolean used = users != null && users > 0;
    if (failure == null && !(used && bindsAtOnce(claim))) {
      return users != null && !used ? Judgement.no(scope) : Judgement.held(scope);
    }
    Long began = failure == null ? claim.meta().createdAt() : failure.firstSeenAt();
    return Judgement.yes(scope, symptom(claim, failure, used, input))
        .since(input.serverTime(began));
  }

  /** A class that waits for a consumer must be named; without one there is nothing to wait for. */
  private static boolean bindsAtOnce(PersistentVolumeClaim claim) {
    String storageClass = claim.storageClassName();
    return "Immediate".equals(claim.bindingMode())
        || storageClass == null
        || storageClass.isEmpty();
  }

  private static Map<String, WarningEvent> failures(RuleInput input) {
    Map<String, WarningEvent> byClaim = new HashMap<>();
    for (WarningEvent event : input.snapshot().objects().events()) {
      InvolvedObject about = event.involved();
      if (about != null && about.uid() != null && FAILURES.contains(event.reason())) {
        byClaim.putIfAbsent(about.uid(), event);
      }
    }
    return byClaim;
  }

  private static Symptom symptom(
      PersistentVolumeClaim claim, @Nullable WarningEvent failure, boolean used, RuleInput input) {
    String storageClass = claim.storageClassName();
    Map<String, List<String>> evidence = new LinkedHashMap<>();
    evidence.put("reason", List.of(failure == null ? "waited_for" : "provisioning_failed"));
    evidence.put("storageClass", List.of(storageClass == null ? "none" : storageClass));
    if (failure != null && failure.message() != null) {
      evidence.put("message", List.of(Causes.plain(failure.message())));
    }
    return new Symptom(
        used ? input.severity(Severity.LOW, Severity.MEDIUM, Severity.HIGH) : Severity.LOW,
        "Claim "
            + name(claim)
            + (failure == null
                ? " gets no volume, and a pod waits for it"
                : " gets no volume: provisioning failed"),
        evidence);
  }
}
