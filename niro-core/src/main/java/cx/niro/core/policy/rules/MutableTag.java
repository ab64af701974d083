package cx.niro.core.policy.rules;

import cx.niro.core.Severity;
import cx.niro.core.policy.ImageReference;
import cx.niro.core.policy.InvalidImageReferenceException;
import cx.niro.core.policy.PodTemplate;
import cx.niro.core.policy.PolicySpec;
import cx.niro.core.policy.PolicyVerdict;
import cx.niro.core.policy.Severities;
import cx.niro.core.policy.TemplateRule;
import cx.niro.core.snapshot.Container;
import java.util.ArrayList;
import java.util.List;

/** An image without a tag or with {@code latest}, and without a digest. */
final class MutableTag {
  private MutableTag() {}

  static TemplateRule rule() {
    PolicySpec spec =
        PolicySpec.of(
            "mutable-tag",
            Severities.of(Severity.LOW, Severity.HIGH),
            "Image without a fixed version",
            "Name a version as tag, or pin the image by its digest.");
    return TemplateRule.of(spec, MutableTag::judge);
  }

  private static PolicyVerdict judge(PodTemplate template) {
    List<String> latest = new ArrayList<>();
    List<String> images = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    for (Container container : template.allContainers()) {
      String image = container.image();
      try {
        if (image == null) {
          unreadable.add(container.name());
        } else if (ImageReference.parse(image).isLatest()) {
          latest.add(container.name());
          images.add(image);
        }
      } catch (InvalidImageReferenceException e) {
        unreadable.add(container.name());
      }
    }
    if (latest.isEmpty() && !unreadable.isEmpty()) {
      return PolicyVerdict.unknown("no readable image: " + String.join(", ", unreadable));
    }
    return new Broken()
        .containers(latest)
        .by("images", images)
        .verdict("Image without a fixed version");
  }
}
