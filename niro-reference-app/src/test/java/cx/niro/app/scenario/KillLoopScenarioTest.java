package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.bench.KillLoop;
import cx.niro.app.bench.KillReport;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code KillLoopMain}, which docs/performance.md describes. */
class KillLoopScenarioTest {
  @TempDir Path folder;

  @Test
  void nothing_acknowledged_is_lost_or_done_twice_when_the_server_is_killed() throws Exception {
    KillReport report =
        KillLoop.run(new KillLoop.Plan(3, "synchronous", 8, 100, 7, Duration.ofSeconds(3), folder));

    assertThat(report.acknowledged()).as("acknowledged facts").isPositive();
    assertThat(report.isClean()).as("%s", report).isTrue();
  }
}
