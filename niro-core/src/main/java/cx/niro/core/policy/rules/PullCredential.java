package cx.niro.core.policy.rules;

import cx.niro.core.Severity;
import cx.niro.core.policy.ImageReference;
import cx.niro.core.policy.InvalidImageReferenceException;
import cx.niro.core.policy.PodTemplate;
import cx.niro.core.policy.PolicyRule;
import cx.niro.core.policy.PolicySpec;
import cx.niro.core.policy.PolicySubject;
import cx.niro.core.policy.PolicyVerdict;
import cx.niro.core.policy.Severities;
import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.ServiceAccount;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image from GHCR, Quay, ECR or Google's registries, and no pull secret. A pod is looked at
 * first, because the API server copies the secrets of the service account into it; then the
 * template and the service account. Spared are ECR on EKS and Google's on GKE, where nodes bring
 * their own credential. What a node's {@code registries.yaml} says cannot be seen.
 */
final class PullCredential extends PolicyRule {
  private static final Set<String> HOSTS = Set.of("ghcr.io", "quay.io");
  private static final Set<String> GOOGLE =
      Set.of("gcr.io", "us.gcr.io", "eu.gcr.io", "asia.gcr.io");
  private static final Pattern ECR =
      Pattern.compile(
          "\\d{12}\\.dkr[.-]ecr(-fips)?\\.[a-z0-9-]+\\.(amazonaws\\.com(\\.cn)?|on\\.aws)");

  PullCredential() {
    super(
        PolicySpec.of(
            "public-image-no-credential",
            Severities.of(Severity.MEDIUM),
            "Image from a public registry without a pull secret",
            "Add imagePullSecrets to the pods or their service account, or mirror the image."));
  }

  @Override
  protected boolean readsStatus() {
    return false;
  }

  @Override
  protected PolicyVerdict judge(PolicySubject subject) {
    PodTemplate template = subject.template();
    if (template == null) {
      return PolicyVerdict.unknown("the pod template was not reported");
    }
    Boolean secret = hasSecret(subject, template.spec());
    if (Boolean.TRUE.equals(secret)) {
      return PolicyVerdict.pass();
    }
    String distribution = subject.snapshot().info().distribution();
    Broken broken = new Broken();
    for (Container container : template.allContainers()) {
      String host = host(container.image());
      if (host != null && isPublic(host, distribution)) {
        broken.by("containers", List.of(container.name()));
        broken.by("registries", List.of(host));
      }
    }
    if (broken.isEmpty()) {
      return PolicyVerdict.pass();
    }
    return secret == null
        ? PolicyVerdict.unknown("the service accounts were not reported")
        : broken.verdict("Image from a public registry without a pull secret");
  }

  /** Null when nobody can tell. */
  private static @Nullable Boolean hasSecret(PolicySubject subject, PodSpec template) {
    Pod pod = subject.newestPod();
    if (!template.imagePullSecrets().isEmpty()
        || Boolean.TRUE.equals(template.serviceAccountPullSecretsPresent())) {
      return true;
    }
    if (pod != null && pod.spec() != null) {
      return !pod.spec().imagePullSecrets().isEmpty();
    }
    String name = template.serviceAccountName();
    String account = name == null || name.isEmpty() ? "default" : name;
    for (ServiceAccount one : subject.objects().serviceAccounts()) {
      if (one.meta().name().equals(account)
          && Objects.equals(one.meta().namespace(), subject.meta().namespace())) {
        return !one.imagePullSecrets().isEmpty();
      }
    }
    return subject.complete(Section.SERVICE_ACCOUNTS) ? false : null;
  }

  private static @Nullable String host(@Nullable String image) {
    try {
      return image == null ? null : ImageReference.parse(image).host().toLowerCase(Locale.ROOT);
    } catch (InvalidImageReferenceException e) {
      return null;
    }
  }

  private static boolean isPublic(String host, @Nullable String distribution) {
    boolean google = GOOGLE.contains(host) || host.endsWith("-docker.pkg.dev");
    boolean ecr = host.contains(".dkr") && ECR.matcher(host).matches();
    return HOSTS.contains(host)
        || (google && !Objects.equals(distribution, "gke"))
        || (ecr && !Objects.equals(distribution, "eks"));
  }
}
