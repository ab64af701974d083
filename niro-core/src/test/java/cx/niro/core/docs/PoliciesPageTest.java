package cx.niro.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.policy.Exemption;
import cx.niro.core.policy.PolicyEngine;
import cx.niro.core.policy.PolicyRule;
import cx.niro.core.policy.PolicySpec;
import cx.niro.core.policy.PolicyVerdict;
import cx.niro.core.policy.Severities;
import cx.niro.core.policy.TemplateRule;
import cx.niro.core.policy.rules.StandardPolicies;
import cx.niro.core.snapshot.Container;
import cx.niro.core.testkit.Clusters;
import cx.niro.core.testkit.PolicyRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code that {@code docs/policies.md} quotes, compiled and run, and its tables. */
class PoliciesPageTest {

  static final class NoSsh {
    static boolean listens(Container container) {
      return container.ports().stream().anyMatch(port -> Objects.equals(port.containerPort(), 22));
    }
  }

  // docs: a rule
  /** A container that listens for SSH. */
  static PolicyRule noSsh() {
    PolicySpec spec =
        PolicySpec.of(
            "acme-no-ssh",
            Severities.of(Severity.LOW, Severity.MEDIUM),
            "Container listens for SSH",
            "Use kubectl exec instead.");
    return TemplateRule.of(
        spec,
        template -> {
          List<String> names = template.namesOf(NoSsh::listens);
          return names.isEmpty()
              ? PolicyVerdict.pass()
              : PolicyVerdict.fail("Container listens for SSH").with("containers", names);
        });
  }

  // docs: end

  @Test
  void the_rule_tells_and_clears() {
    // docs: an engine
    List<PolicyRule> rules = new ArrayList<>(StandardPolicies.all());
    rules.add(noSsh());
    PolicyEngine engine = PolicyEngine.of(rules);
    // docs: end
    String listening = "{'containers': [{'name': 'app', 'ports': [{'containerPort': 22}]}]}";
    String silent = "{'containers': [{'name': 'app'}]}";
    // docs: a test
    PolicyRun run = PolicyRun.of(engine).sees(Clusters.of(Clusters.deployment(listening)));
    assertThat(run.open()).contains("acme-no-ssh ns/shop/Deployment/web");
    run.sees(Clusters.of(Clusters.deployment(silent)));
    assertThat(run.open()).doesNotContain("acme-no-ssh ns/shop/Deployment/web");
    // docs: end
  }

  @Test
  void the_page_quotes_this_code() throws IOException {
    String source = read("niro-core/src/test/java/cx/niro/core/docs/PoliciesPageTest.java");
    for (String name : List.of("a rule", "an engine", "a test")) {
      assertThat(read("docs/policies.md")).contains(quoted(source, name));
    }
  }

  @Test
  void the_page_has_a_row_with_the_severities_of_every_rule() throws IOException {
    String page = read("docs/policies.md");
    for (PolicyRule rule : StandardPolicies.all()) {
      PolicySpec spec = rule.spec();
      String row =
          page.lines()
              .filter(line -> line.startsWith("| `" + spec.id() + "`"))
              .findFirst()
              .orElseThrow();
      assertThat(row).contains("| " + told(spec.severities()));
    }
  }

  private static String told(Severities severities) {
    List<String> each =
        Stream.of(Environment.DEV, Environment.STAGING, Environment.PRODUCTION)
            .map(environment -> severities.in(environment).wireName())
            .toList();
    return each.stream().distinct().count() == 1 ? each.get(0) : String.join(", ", each);
  }

  @Test
  void the_page_names_every_default_exemption() throws IOException {
    String page = read("docs/policies.md");
    for (Exemption exemption : Exemption.DEFAULTS) {
      String what = exemption.namespace() == null ? exemption.label() : exemption.namespace();
      assertThat(page).contains("`" + what + "`");
    }
  }

  private static String read(String file) throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (root != null && !Files.isDirectory(root.resolve("docs/decisions"))) {
      root = root.getParent();
    }
    return Files.readString(Path.of(String.valueOf(root), file));
  }

  private static String quoted(String source, String name) {
    String start = "// docs: " + name + "\n";
    int from = source.indexOf(start) + start.length();
    return source.substring(from, source.indexOf("// docs: end", from)).stripIndent().strip();
  }
}
