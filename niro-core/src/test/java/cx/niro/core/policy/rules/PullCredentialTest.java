package cx.niro.core.policy.rules;

import static cx.niro.core.Severity.MEDIUM;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.policy.PolicyContext;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus.State;
import cx.niro.core.snapshot.ServiceAccount;
import cx.niro.core.testkit.Clusters;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PullCredentialTest {
  private static final String RULE = "public-image-no-credential";
  private static final String GHCR =
      "{'containers': [{'name': 'app', 'image': 'ghcr.io/acme/web:1'}]}";

  private static String image(String image) {
    return GHCR.replace("ghcr.io/acme/web:1", image);
  }

  private static Judged judged(Resource... objects) {
    return Judged.by(RULE, Clusters.of(objects));
  }

  private static ServiceAccount account(String name, String secrets) {
    return Clusters.read(
        ServiceAccount.class,
        "{'meta': {'uid': 's', 'namespace': 'shop', 'name': '%s'}, 'imagePullSecrets': [%s]}"
            .formatted(name, secrets));
  }

  private static Pod pod(String spec) {
    return Clusters.read(
        Pod.class,
        "{'meta': {'uid': 'p', 'namespace': 'shop', 'name': 'web-1', 'rootOwner': {'kind': 'Deployment', 'name': 'web'}}, %s'status': {'phase': 'Running'}}"
            .formatted(spec));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ghcr.io/acme/web:1",
        "quay.io/acme/web:1",
        "GHCR.io/acme/web:1",
        "gcr.io/acme/web:1",
        "eu.gcr.io/acme/web:1",
        "europe-west3-docker.pkg.dev/acme/repo/web:1",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1",
        "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web:1",
        "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/web:1"
      })
  void an_image_from_a_registry_that_asks_who_you_are(String image) {
    Judged judged = Judged.template(RULE, image(image));
    assertThat(judged.severities()).containsExactly(MEDIUM, MEDIUM, MEDIUM);
    assertThat(judged.evidence()).containsEntry("containers", List.of("app"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nginx:1",
        "registry.k8s.io/pause:3.10",
        "registry.local:5000/web:1",
        "public.ecr.aws/acme/web:1",
        "k8s.gcr.io/pause:3.1",
        "ghcr.io.evil.example/web:1",
        "library/ghcr.io",
        "${IMAGE}"
      })
  void other_registries_are_not_its_subject(String image) {
    assertThat(Judged.template(RULE, image(image)).state()).isEqualTo("pass");
  }

  @Test
  void a_secret_of_the_template_or_the_service_account_is_enough() {
    String template = GHCR.replace("{'containers'", "{'imagePullSecrets': ['a'], 'containers'");
    assertThat(Judged.template(RULE, template).state()).isEqualTo("pass");
    assertThat(judged(Clusters.deployment(GHCR), account("default", "'a'")).state())
        .isEqualTo("pass");
    String robot = GHCR.replace("{'containers'", "{'serviceAccountName': 'robot', 'containers'");
    assertThat(judged(Clusters.deployment(robot), account("default", "'a'")).state())
        .isEqualTo("fail");
    assertThat(judged(Clusters.deployment(robot), account("robot", "'a'")).state())
        .isEqualTo("pass");
  }

  @Test
  void a_pod_is_looked_at_first_because_the_secrets_were_copied_into_it() {
    String with = GHCR.replace("{'containers'", "{'imagePullSecrets': ['a'], 'containers'");
    assertThat(judged(Clusters.deployment(GHCR), pod("'spec': %s, ".formatted(with))).state())
        .isEqualTo("pass");
    assertThat(
            judged(
                    Clusters.deployment(GHCR),
                    pod("'spec': %s, ".formatted(GHCR)),
                    account("default", "'added-later'"))
                .state())
        .isEqualTo("fail");
    assertThat(judged(Clusters.deployment(GHCR), pod(""), account("default", "'a'")).state())
        .isEqualTo("pass");
  }

  @Test
  void without_pods_and_service_accounts_nobody_can_tell() {
    ClusterSnapshot blind =
        Clusters.with(
            Clusters.of(Clusters.deployment(GHCR)), Section.SERVICE_ACCOUNTS, State.PARTIAL);
    assertThat(Judged.by(RULE, blind).state()).isEqualTo("unknown");
    ClusterSnapshot found =
        Clusters.with(
            Clusters.of(Clusters.deployment(GHCR), account("default", "")),
            Section.SERVICE_ACCOUNTS,
            State.PARTIAL);
    assertThat(Judged.by(RULE, found).state()).isEqualTo("fail");
    assertThat(
            Judged.by(RULE, blind).under(PolicyContext.of(Environment.DEV).forManifests()).state())
        .isEqualTo("fail");
  }

  @Test
  void nodes_of_the_same_cloud_bring_their_own_credential() {
    assertThat(on("eks", "123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1"))
        .isEqualTo("pass");
    assertThat(on("gke", "europe-west3-docker.pkg.dev/acme/repo/web:1")).isEqualTo("pass");
    assertThat(on("gke", "123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1"))
        .isEqualTo("fail");
    assertThat(on("eks", "ghcr.io/acme/web:1")).isEqualTo("fail");
  }

  private static String on(String distribution, String image) {
    ClusterSnapshot plain = Clusters.of(Clusters.deployment(image(image)));
    ClusterInfo was = plain.info();
    ClusterInfo info =
        new ClusterInfo(null, null, distribution, null, null, was.capabilities(), null);
    return Judged.by(RULE, new ClusterSnapshot(info, plain.sections(), plain.objects())).state();
  }
}
