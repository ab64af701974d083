package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.bench.RolloutReport;
import cx.niro.app.bench.Rollouts;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four rollouts, or as many as {@code -DargLine=-Dniro.rollouts=20} says: what
 * docs/kubernetes-testing.md has figures of.
 */
class RealRolloutTest {
  @TempDir Path folder;

  @Test
  @EnabledIfEnvironmentVariable(
      named = "NIRO_TEST_KUBECONFIG",
      matches = ".+",
      disabledReason =
          "not run against a real API server: NIRO_TEST_KUBECONFIG names no kubeconfig")
  void an_agent_that_is_rolled_out_again_and_again_loses_no_command() throws Exception {
    int count = Integer.getInteger("niro.rollouts", 4);
    Path kubeconfig = Path.of(System.getenv("NIRO_TEST_KUBECONFIG"));
    RolloutReport report = Rollouts.run(folder, kubeconfig, count);
    report.print();
    assertThat(report.rollouts()).hasSize(count);
    assertThat(report.statuses().keySet()).doesNotContain("unknown", "offline", "no answer");
    assertThat(report.ends().keySet()).containsExactly("apply succeeded", "ping succeeded");
    assertThat(report.unfinished()).isEmpty();
    assertThat(report.late()).isEmpty();
    assertThat(report.refused()).isEmpty();
    assertThat(report.incidents()).doesNotContain("agent_duplicate", "cluster_offline");
    assertThat(report.updates())
        .hasSize(count / 4 + 1)
        .allMatch(
            update ->
                update.matches("offered → (rolling → )?(offered → rolling → )?(done|rolled_back)"));
  }
}
