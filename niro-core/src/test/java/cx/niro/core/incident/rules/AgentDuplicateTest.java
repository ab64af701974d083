package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.testkit.DetectionRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentDuplicateTest {
  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new AgentDuplicate())));

  @Test
  void opens_when_a_superseded_agent_goes_on() {
    run.passMinutes(1).superseded(true).passMinutes(1);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void resolves_ten_minutes_after_the_last_call() {
    run.superseded(true).passMinutes(30).superseded(false).passMinutes(8);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(3);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void stays_open_while_the_cluster_is_silent_for_less_than_that() {
    run.superseded(true).passMinutes(2).superseded(false).goesSilent().passMinutes(7);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void one_agent_is_nothing() {
    run.passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"DEV, MEDIUM", "STAGING, HIGH", "UNSPECIFIED, HIGH", "PRODUCTION, HIGH"})
  void severity_follows_the_environment(Environment environment, Severity severity) {
    run.in(environment).superseded(true).passMinutes(1);
    assertThat(run.opened().get(0).severity()).isEqualTo(severity);
  }
}
