package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.server.RunningServer;
import cx.niro.core.managed.ApplyReport;
import cx.niro.core.managed.ObjectAction;
import cx.niro.core.managed.ObjectResult;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.NiroCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred mixed objects applied with the account that the installer makes, beside {@code kubectl
 * apply --server-side} of the same objects in the same minute. The times are printed.
 */
@RealClusterOnly
class RealApplyTest {
  private static final String NAME = "hundred";

  /** What is said of a kind that the role does not name. */
  private static final String BEYOND =
      "the agent may not \\w+ [a-z.0-9-]+; add a ClusterRole with the label"
          + " niro\\.cx/aggregate-to-apply: \"true\" and the verbs get, list, watch, create, patch,"
          + " delete on [a-z]+ of API group \"[a-z.0-9-]+\"";

  private final String space = "niro-test-" + UUID.randomUUID().toString().substring(0, 8);
  private final MixedObjects before = new MixedObjects(space, 0);
  private final MixedObjects after = new MixedObjects(space, 1);
  private final Map<String, Long> times = new HashMap<>();

  @TempDir Path folder;
  private RunningServer installer;
  private RealCluster cluster;

  @BeforeEach
  void open() throws Exception {
    installer = Servers.inMemory();
    cluster = new RealCluster(folder, installer.address());
  }

  @AfterEach
  void close() throws Exception {
    cluster.deleteNamespaces("niro-system", space);
    cluster.kubectl("delete", "crd", "coffees." + before.group(), "--ignore-not-found");
    cluster.close();
    installer.close();
  }

  private static Map<String, String> flags(String scope) {
    return Map.of("NIRO_ENABLE_APPLY", "1", "NIRO_APPLY_SCOPE", scope);
  }

  @Test
  void an_administrators_hundred_objects_are_told_apart_as_fast_as_kubectl_makes_them()
      throws Exception {
    try (InstalledAgent agent = InstalledAgent.start(cluster, flags("admin"))) {
      Await.until("apply is granted", () -> agent.capabilities().contains("apply"));
      assertThat(counts(apply(agent, "first", 1, before.all())))
          .isEqualTo(Map.of(ObjectAction.CREATED, 100L));
      assertThat(counts(apply(agent, "again", 1, before.all())))
          .isEqualTo(Map.of(ObjectAction.UNCHANGED, 100L));

      String maps = "/api/v1/namespaces/" + space + "/configmaps";
      cluster.kubectl("-n", space, "delete", "configmap", "c-0");
      cluster.admin().post(maps, "{'metadata':{'name':'c-0'}}");
      ApplyReport changed = apply(agent, "changed", 2, without("c-0", "d-1"));
      assertThat(counts(changed))
          .isEqualTo(
              Map.of(
                  ObjectAction.CONFIGURED,
                  19L + 10 + 19,
                  ObjectAction.UNCHANGED,
                  50L,
                  ObjectAction.PRUNED,
                  1L,
                  ObjectAction.SKIPPED,
                  1L));
      assertThat(named(changed, ObjectAction.PRUNED)).containsExactly("d-1");
      assertThat(named(changed, ObjectAction.SKIPPED)).containsExactly("c-0");
      long start = System.nanoTime();
      agent.delete(NAME, space, 3);
      took("deleted", start);
    }
    cluster.deleteNamespaces(space);
    kubectl();
    System.out.println("100 mixed objects, milliseconds: " + new java.util.TreeMap<>(times));
  }

  private List<String> without(String... names) {
    List<String> fewer = new ArrayList<>(after.all());
    for (String name : names) {
      fewer.removeIf(object -> object.contains("'name':'" + name + "'"));
    }
    return fewer;
  }

  private void kubectl() throws Exception {
    long start = System.nanoTime();
    kubectlApply(before.first());
    cluster.kubectl(
        "wait", "--for=condition=Established", "crd/coffees." + before.group(), "--timeout=60s");
    assertThat(kubectlApply(before.rest())).hasSize(98);
    took("kubectl first", start);
    start = System.nanoTime();
    kubectlApply(before.all());
    took("kubectl again", start);
    start = System.nanoTime();
    kubectlApply(without("c-0", "d-1"));
    cluster.kubectl("-n", space, "delete", "deployment", "d-1");
    took("kubectl changed", start);
    start = System.nanoTime();
    cluster.kubectl("delete", "-f", files(after.all()).toString(), "--wait=false");
    took("kubectl deleted", start);
  }

  private List<String> kubectlApply(List<String> objects) throws Exception {
    String said = cluster.kubectl("apply", "--server-side", "-f", files(objects).toString());
    assertThat(said.lines()).allMatch(line -> line.endsWith(" serverside-applied"));
    return said.lines().toList();
  }

  private Path files(List<String> objects) throws Exception {
    Path files = Files.createTempDirectory(folder, "files");
    for (int i = 0; i < objects.size(); i++) {
      Files.writeString(files.resolve("%03d.json".formatted(i)), objects.get(i).replace('\'', '"'));
    }
    return files;
  }

  @Test
  void kinds_beyond_the_grant_fail_with_the_role_and_the_label_to_add_and_stop_no_others()
      throws Exception {
    try (InstalledAgent agent = InstalledAgent.start(cluster, flags("namespaced"))) {
      Await.until("apply is granted", () -> agent.capabilities().contains("apply"));
      ApplyReport made = apply(agent, "first, namespaced", 1, before.all());
      assertThat(counts(made))
          .isEqualTo(Map.of(ObjectAction.CREATED, 69L, ObjectAction.FAILED, 31L));
      assertThat(made.objects())
          .filteredOn(result -> result.action() == ObjectAction.FAILED)
          .allSatisfy(
              result -> {
                assertThat(result.object().kind())
                    .isIn("CustomResourceDefinition", "Coffee", "Role", "RoleBinding");
                assertThat(result.message())
                    .matches(
                        result.object().kind().equals("Coffee")
                            ? "its kind is not served: the CustomResourceDefinition .*"
                            : BEYOND);
              });
      assertThat(counts(apply(agent, "again, namespaced", 1, before.all())))
          .isEqualTo(Map.of(ObjectAction.UNCHANGED, 69L, ObjectAction.FAILED, 31L));
    }
    System.out.println("100 mixed objects, milliseconds: " + new java.util.TreeMap<>(times));
  }

  private ApplyReport apply(
      InstalledAgent agent, String what, long revision, List<String> objects) {
    long start = System.nanoTime();
    CommandResult result = agent.apply(NAME, space, revision, objects);
    took(what, start);
    String output = Objects.requireNonNull(result.output(), result::toString).text();
    return NiroCodec.create().decode(ApplyReport.class, output.getBytes(StandardCharsets.UTF_8));
  }

  private void took(String what, long start) {
    times.put(what, (System.nanoTime() - start) / 1_000_000);
  }

  private static Map<ObjectAction, Long> counts(ApplyReport report) {
    return report.objects().stream()
        .collect(Collectors.groupingBy(ObjectResult::action, Collectors.counting()));
  }

  private static List<String> named(ApplyReport report, ObjectAction action) {
    return report.objects().stream()
        .filter(result -> result.action() == action)
        .map(result -> result.object().name())
        .toList();
  }
}
