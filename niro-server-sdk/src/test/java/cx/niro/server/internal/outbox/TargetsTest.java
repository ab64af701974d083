package cx.niro.server.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.OrganizationId;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.server.spi.ChannelSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TargetsTest {
  private static final OrganizationId ACME = new OrganizationId("acme");

  @Test
  void what_the_server_itself_opens_can_be_named_whatever_the_rules_of_an_embedder() {
    Targets targets = Targets.of(DetectionEngine.of(List.of()), id -> Optional.of(ACME));
    assertThat(targets.types())
        .containsExactlyInAnyOrder("deployment_failed", "drift_detected", "enrollment_contested");
  }

  @Test
  void what_nothing_opens_is_refused() {
    Targets targets = Targets.of(DetectionEngine.standard(), id -> Optional.of(ACME));
    ChannelSelector nothing =
        new ChannelSelector(Set.of(), Set.of(), Map.of(), Set.of("drift_suspected"));
    assertThatThrownBy(() -> targets.check(ACME, nothing))
        .hasMessageContaining("there are no incidents of type 'drift_suspected'");
  }
}
