package cx.niro.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.IncidentRule;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.RuleSpec;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import cx.niro.core.incident.rules.StandardRules;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.testkit.DetectionRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code that {@code docs/detection.md} quotes, compiled and run. */
class DetectionPageTest {

  // docs: a rule
  /** A node that was cordoned and forgotten. */
  static final class NodeForgotten extends IncidentRule {
    private static final IncidentType TYPE = new IncidentType("acme_node_forgotten");

    NodeForgotten() {
      super(RuleSpec.of(TYPE).reads(Section.NODES).openAfter(Duration.ofHours(24)));
    }

    @Override
    protected List<Judgement> judge(RuleInput input) {
      List<Judgement> judgements = new ArrayList<>();
      for (Node node : input.snapshot().objects().nodes()) {
        String name = node.meta().name();
        Symptom symptom =
            new Symptom(Severity.LOW, "Node " + name + " is cordoned for a day", Map.of());
        judgements.add(
            Boolean.TRUE.equals(node.unschedulable())
                ? Judgement.yes(Scope.node(name), symptom)
                : Judgement.no(Scope.node(name)));
      }
      return judgements;
    }
  }

  // docs: end

  @Test
  void the_rule_opens_and_resolves() {
    // docs: an engine
    List<IncidentRule> rules = new ArrayList<>(StandardRules.all());
    rules.add(new NodeForgotten());
    DetectionEngine engine = DetectionEngine.of(rules);
    // docs: end
    // docs: a test
    DetectionRun run = DetectionRun.of(engine).sees(node(true)).passMinutes(24 * 60 + 1);
    assertThat(run.openScopes()).containsExactly("node/n1");
    run.sees(node(false)).passMinutes(1);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
    // docs: end
  }

  private static ClusterSnapshot node(boolean cordoned) {
    ObjectMeta meta = ObjectMeta.of("uid-1", null, "n1", null);
    Node node = new Node(meta, cordoned, List.of(), List.of(), null, null, null, null, null);
    Inventory objects =
        new Inventory(
            List.of(node), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    return new ClusterSnapshot(
        ClusterInfo.EMPTY, Map.of(Section.NODES, SectionStatus.COMPLETE), objects);
  }

  @Test
  void the_page_quotes_this_code() throws IOException {
    String source = read("niro-core/src/test/java/cx/niro/core/docs/DetectionPageTest.java");
    for (String name : List.of("a rule", "an engine", "a test")) {
      assertThat(read("docs/detection.md")).contains(quoted(source, name));
    }
  }

  @Test
  void the_page_names_every_rule() throws IOException {
    String page = read("docs/detection.md");
    for (IncidentRule rule : StandardRules.all()) {
      assertThat(page).contains("`" + rule.spec().type() + "`");
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
