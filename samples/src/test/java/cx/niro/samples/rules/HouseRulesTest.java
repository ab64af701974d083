package cx.niro.samples.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.policy.PolicyEngine;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.testkit.Clusters;
import cx.niro.core.testkit.DetectionRun;
import cx.niro.core.testkit.PolicyRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The rules by themselves, in virtual time. */
class HouseRulesTest {
  private static final Path ROOT =
      Objects.requireNonNull(Path.of("").toAbsolutePath().getParent(), "run in samples/");

  private final DetectionRun cluster =
      DetectionRun.of(DetectionEngine.of(List.of(new HouseRules.KubeletsDiffer())));

  private final PolicyRun workloads =
      PolicyRun.of(PolicyEngine.of(List.of(HouseRules.foreignImage("registry.acme.example"))));

  @Test
  void an_upgrade_that_stands_still_for_a_day_is_an_incident_until_it_is_done() {
    cluster.sees(kubelets("v1.35.2+k3s1", "v1.36.0+k3s1")).passMinutes(24 * 60 + 1);
    assertThat(cluster.opened().get(0).summary())
        .isEqualTo("Nodes run different kubelets: v1.35.2+k3s1, v1.36.0+k3s1");
    cluster.sees(kubelets("v1.36.0+k3s1", "v1.36.0+k3s1")).passMinutes(1);
    assertThat(cluster.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void an_upgrade_that_goes_on_is_none() {
    cluster.sees(kubelets("v1.35.2+k3s1", "v1.36.0+k3s1")).passMinutes(23 * 60);
    cluster.sees(kubelets("v1.36.0+k3s1", "v1.36.0+k3s1")).passMinutes(60);
    assertThat(cluster.story()).isEmpty();
  }

  @Test
  void half_a_list_of_nodes_ends_nothing() {
    cluster.sees(kubelets("v1.35.2+k3s1", "v1.36.0+k3s1")).passMinutes(24 * 60 + 1);
    ClusterSnapshot half = Clusters.of(node("n2", "v1.36.0+k3s1"));
    cluster.sees(Clusters.with(half, Section.NODES, SectionStatus.State.PARTIAL)).passMinutes(60);
    assertThat(cluster.story()).containsExactly("opened");
  }

  @Test
  void an_image_from_elsewhere_is_a_finding_until_it_comes_from_here() {
    workloads.sees(images("nginx:1.29", "registry.acme.example/web:7"));
    assertThat(workloads.open()).containsExactly("acme-foreign-image ns/shop/Deployment/web");
    workloads.sees(images("registry.acme.example/nginx:1.29", "registry.acme.example/web:7"));
    assertThat(workloads.open()).isEmpty();
  }

  @Test
  void the_rules_have_at_most_40_lines() throws IOException {
    Path source = ROOT.resolve("samples/src/main/java/cx/niro/samples/rules/HouseRules.java");
    assertThat(Files.readAllLines(source))
        .filteredOn(line -> !line.isBlank() && !line.matches("(package|import) .*"))
        .hasSizeLessThanOrEqualTo(40);
  }

  /** What a stranger adds to his module is what this module has. */
  @Test
  void the_pages_name_the_dependency_that_brings_the_test_kit() throws IOException {
    String dependency =
        """
        <dependency>
          <groupId>cx.niro</groupId>
          <artifactId>niro-core</artifactId>
          <classifier>tests</classifier>
          <scope>test</scope>
        </dependency>
        """;
    String pom = Files.readString(ROOT.resolve("samples/pom.xml"));
    assertThat(pom.replaceAll("(?m)^ {4}", "")).contains(dependency);
    assertThat(Files.readString(ROOT.resolve("docs/detection.md"))).contains(dependency);
  }

  static ClusterSnapshot kubelets(String first, String second) {
    return Clusters.of(node("n1", first), node("n2", second));
  }

  static ClusterSnapshot images(String first, String second) {
    String template =
        "{'containers': [{'name': 'proxy', 'image': '%s'}, {'name': 'app', 'image': '%s'}]}";
    return Clusters.of(Clusters.deployment(template.formatted(first, second)));
  }

  static Node node(String name, String kubelet) {
    String json = "{'meta': {'uid': '%s', 'name': '%s'}, 'info': {'kubeletVersion': '%s'}}";
    return Clusters.read(Node.class, json.formatted(name, name, kubelet));
  }
}
