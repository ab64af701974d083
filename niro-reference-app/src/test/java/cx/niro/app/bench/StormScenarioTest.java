package cx.niro.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small storms on a server process: others get all that they ask for, however long it takes. */
class StormScenarioTest {
  private static final Duration SHORT = Duration.ofSeconds(2);

  @TempDir static Path folder;
  private static ServerProcess server;
  private static StormSite site;
  private static List<BenchCluster> others;

  @BeforeAll
  static void start() throws Exception {
    server = new ServerProcess(folder, List.of());
    server.spawn();
    server.awaitReady();
    site = new StormSite(server.uri());
    others = site.enrolled("other", 100);
  }

  @AfterAll
  static void end() {
    server.kill();
  }

  @Test
  void agents_that_enroll_at_once_are_all_enrolled() throws Exception {
    assertThat(beside(CrowdStorm.ofEnrollments(site, 60)).faults()).isEmpty();
  }

  @Test
  void results_that_come_at_once_are_all_taken() throws Exception {
    assertThat(beside(CrowdStorm.ofResults(site, 200)).faults()).isEmpty();
  }

  @Test
  void clients_that_send_a_byte_a_second_harm_nobody() throws Exception {
    StormRun run = beside(new TrickleStorm(site, 100, SHORT));

    assertThat(run.beside().values()).allSatisfy(one -> assertThat(one.failures()).isEmpty());
    assertThat(run.storm().outcomes().wrong()).isEmpty();
  }

  @Test
  void readers_that_take_nothing_harm_nobody() throws Exception {
    assertThat(beside(new SlowReaderStorm(site, 30, SHORT)).faults()).isEmpty();
  }

  @Test
  void a_tenant_who_floods_is_the_only_one_to_be_refused() throws Exception {
    assertThat(beside(new TenantStorm(site, 24, SHORT)).faults()).isEmpty();
  }

  private static StormRun beside(Storm storm) throws Exception {
    StormRun run = StormRun.of(site, others, storm, Duration.ofSeconds(1));
    assertThat(run.beside().values()).allSatisfy(one -> assertThat(one.count()).isPositive());
    return run;
  }
}
