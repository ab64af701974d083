package cx.niro.samples.rules;

import static cx.niro.core.incident.Scope.CLUSTER;

import cx.niro.core.Severity;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Symptom;
import cx.niro.core.policy.ImageReference;
import cx.niro.core.policy.PolicyRule;
import cx.niro.core.policy.PolicySpec;
import cx.niro.core.policy.PolicyVerdict;
import cx.niro.core.policy.Severities;
import cx.niro.core.policy.TemplateRule;
import cx.niro.core.snapshot.Section;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What only this house wants to know: half-done upgrades, and images from elsewhere. */
public final class HouseRules {
  private HouseRules() {}

  /** Nodes run different kubelets for a day: an upgrade that nobody brought to its end. */
  public static final class KubeletsDiffer extends IncidentRule {
    private static final IncidentType TYPE = new IncidentType("acme_kubelets_differ");

    public KubeletsDiffer() {
      super(RuleSpec.of(TYPE).reads(Section.NODES).openAfter(Duration.ofDays(1)));
    }

    @Override
    protected List<Judgement> judge(RuleInput input) {
      List<String> versions =
          input.snapshot().objects().nodes().stream()
              .flatMap(node -> Stream.ofNullable(node.info()))
              .flatMap(info -> Stream.ofNullable(info.kubeletVersion()))
              .distinct()
              .toList();
      if (versions.size() < 2) {
        boolean all = input.complete(Section.NODES);
        return List.of(all ? Judgement.no(CLUSTER) : Judgement.unknown(CLUSTER));
      }
      String summary = "Nodes run different kubelets: " + String.join(", ", versions);
      return List.of(Judgement.yes(CLUSTER, new Symptom(Severity.LOW, summary, Map.of())));
    }
  }

  /** An image comes from another registry than ours; a reference that is none is unknown. */
  public static PolicyRule foreignImage(String registry) {
    Severities severities = Severities.of(Severity.LOW, Severity.MEDIUM);
    return TemplateRule.of(
        PolicySpec.of("acme-foreign-image", severities, "Foreign image", "Push it to " + registry),
        template -> {
          List<String> foreign = template.namesOf(one -> !isFrom(registry, one.image()));
          PolicyVerdict fail = PolicyVerdict.fail("Image from elsewhere");
          return foreign.isEmpty() ? PolicyVerdict.pass() : fail.with("containers", foreign);
        });
  }

  private static boolean isFrom(String registry, @Nullable String image) {
    return image == null || ImageReference.parse(image).registry().equals(registry);
  }
}
