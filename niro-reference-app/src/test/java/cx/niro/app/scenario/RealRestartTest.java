package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.server.RunningServer;
import cx.niro.core.managed.ApplyReport;
import cx.niro.core.managed.ObjectAction;
import cx.niro.core.managed.ObjectResult;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.NiroCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real API server ends in the midst of an apply, and another process takes its place. */
@RealClusterOnly
@EnabledIfEnvironmentVariable(
    named = RealRestartTest.COMMAND,
    matches = ".+",
    disabledReason =
        "a restart of the API server is not tested: NIRO_TEST_RESTART names no command for it")
class RealRestartTest {
  /** Kills the API server, starts it again and returns when it is ready. */
  static final String COMMAND = "NIRO_TEST_RESTART";

  private final String space = "niro-test-" + UUID.randomUUID().toString().substring(0, 8);
  private final MixedObjects objects = new MixedObjects(space, 0);

  @TempDir Path folder;

  /** The restart begins once that many objects of the kind are there. */
  @ParameterizedTest
  @CsvSource({"serviceaccounts,2", "configmaps,10", "deployments,15"})
  void an_apply_ends_whole_and_makes_nothing_twice(String kind, int there) throws Exception {
    try (RunningServer installer = Servers.inMemory();
        RealCluster cluster = new RealCluster(folder, installer.address());
        InstalledAgent agent =
            InstalledAgent.start(
                cluster, Map.of("NIRO_ENABLE_APPLY", "1", "NIRO_APPLY_SCOPE", "admin"))) {
      try {
        Await.until("apply is granted", () -> agent.capabilities().contains("apply"));
        CompletableFuture<CommandResult> applied =
            CompletableFuture.supplyAsync(() -> agent.apply("web", space, 1, objects.all()));
        Await.until("some are there", () -> count(cluster, kind) >= there);
        assertThat(applied).isNotDone();
        restart();

        Map<ObjectAction, Long> counts = counts(applied.get(5, TimeUnit.MINUTES));
        System.out.println("restarted at " + there + " " + kind + ": " + counts);
        assertThat(counts.getOrDefault(ObjectAction.FAILED, 0L)).as("%s", counts).isZero();
        assertThat(counts.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(100);
        assertThat(counts(agent.apply("web", space, 1, objects.all())))
            .isEqualTo(Map.of(ObjectAction.UNCHANGED, 100L));
        assertThat(count(cluster, "deployments")).isEqualTo(20);
      } finally {
        cluster.deleteNamespaces("niro-system", space);
        cluster.kubectl("delete", "crd", "coffees." + objects.group(), "--ignore-not-found");
      }
    }
  }

  private static void restart() throws Exception {
    Process process = new ProcessBuilder("sh", "-c", System.getenv(COMMAND)).inheritIO().start();
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(COMMAND).isZero();
  }

  private long count(RealCluster cluster, String kind) {
    try {
      return cluster
          .kubectl("-n", space, "get", kind, "-o", "name")
          .lines()
          .filter(line -> line.contains("/") && !line.endsWith("/default"))
          .count();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<ObjectAction, Long> counts(CommandResult result) {
    String output = Objects.requireNonNull(result.output(), result::toString).text();
    List<ObjectResult> all =
        NiroCodec.create()
            .decode(ApplyReport.class, output.getBytes(StandardCharsets.UTF_8))
            .objects();
    all.stream().filter(one -> one.action() == ObjectAction.FAILED).forEach(System.out::println);
    return all.stream().collect(Collectors.groupingBy(ObjectResult::action, Collectors.counting()));
  }
}
