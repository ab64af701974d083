package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.protocol.CommandState;
import cx.niro.server.Commands.CommandRequest;
import cx.niro.server.ServerOptions;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Page;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is over is kept for a while. */
class RetentionTest {
  private static final Duration AN_HOUR = Duration.ofHours(1);

  private final FleetFixture fleet = new FleetFixture();
  private final Member edge = fleet.member("edge");

  @Test
  void finished_commands_are_forgotten_after_30_days() {
    CommandRow sent = fleet.server.commands().send(edge.id(), CommandRequest.PING, "ada");
    edge.agent().poll(0, 4).join();
    edge.agent().result(sent.id(), CommandState.SUCCEEDED);

    fleet.pass(ServerOptions.DEFAULT_COMMAND_RETENTION.minus(AN_HOUR));
    assertThat(fleet.server.commands().find(edge.id(), sent.id())).isPresent();
    fleet.pass(AN_HOUR.multipliedBy(2));
    assertThat(fleet.server.commands().find(edge.id(), sent.id())).isEmpty();
  }

  @Test
  void resolved_incidents_are_forgotten_after_90_days() {
    fleet.pass(Duration.ofMinutes(5));
    assertThat(fleet.open(edge.id())).hasSize(1);
    edge.agent().beat();
    fleet.beatFor(Duration.ofMinutes(5), edge.agent());
    assertThat(incidents()).singleElement().matches(row -> !row.isOpen());

    fleet.pass(ServerOptions.DEFAULT_INCIDENT_RETENTION.minus(AN_HOUR));
    assertThat(incidents()).anyMatch(row -> !row.isOpen());
    fleet.pass(AN_HOUR.multipliedBy(2));
    assertThat(incidents()).allMatch(IncidentRow::isOpen);
  }

  private List<IncidentRow> incidents() {
    return fleet
        .server
        .incidents()
        .list(Set.of(edge.id()), IncidentFilter.ALL, Page.Request.FIRST)
        .items();
  }
}
