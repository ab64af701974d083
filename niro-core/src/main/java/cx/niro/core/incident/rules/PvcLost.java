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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A claim in phase Lost: the volume that it was bound to is gone, and with it the data. */
final class PvcLost extends IncidentRule {

  PvcLost() {
    super(
        RuleSpec.of(IncidentType.PVC_LOST)
            .reads(Section.PERSISTENT_VOLUME_CLAIMS)
            .goingBy(Section.PERSISTENT_VOLUME_CLAIMS));
  }

  @Override
  protected List<Judgement> judge(RuleInput input) {
    List<Judgement> judgements = new ArrayList<>();
    for (PersistentVolumeClaim claim : input.snapshot().objects().persistentVolumeClaims()) {
      if (claim.meta().deletedAt() == null) {
        judgements.add(judge(claim, input));
      }
    }
    return judgements;
  }

  private static Judgement judge(PersistentVolumeClaim claim, RuleInput input) {
    Scope scope = PvcPending.scope(claim);
    if (claim.phase() == null) {
      return Judgement.unknown(scope);
    }
    if (!claim.phase().equals("Lost")) {
      return Judgement.no(scope);
    }
    String volume = claim.volumeName() == null ? "not named" : claim.volumeName();
    return Judgement.yes(
        scope,
        new Symptom(
            input.severity(Severity.MEDIUM, Severity.HIGH, Severity.HIGH),
            "Claim " + PvcPending.name(claim) + " has lost its volume",
            Map.of("volume", List.of(volume))));
  }
}
