package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.incident.IncidentType;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clusters that go silent together, through a whole server. */
class FleetSilenceTest {
  private final FleetFixture fleet = new FleetFixture();
  private final List<Member> members = new ArrayList<>();

  @BeforeEach
  void fiftyClusters() {
    for (int i = 0; i < 50; i++) {
      members.add(fleet.member("edge-" + i));
    }
    beat(50, Duration.ofMinutes(3));
  }

  /** The first so many beat on. */
  private void beat(int alive, Duration span) {
    FakeAgent[] agents = members.stream().limit(alive).map(Member::agent).toArray(FakeAgent[]::new);
    fleet.beatFor(span, agents);
  }

  private List<IncidentRow> offline() {
    return members.stream()
        .flatMap(member -> fleet.open(member.id()).stream())
        .filter(row -> row.what().type().equals(IncidentType.CLUSTER_OFFLINE))
        .toList();
  }

  @Test
  void clusters_that_go_silent_together_open_on_time_and_in_one_group() {
    beat(30, Duration.ofSeconds(135));
    assertThat(offline()).isEmpty();
    beat(30, Duration.ofSeconds(30));
    assertThat(offline()).hasSize(20);
    assertThat(offline())
        .extracting(row -> row.attention().groupKey())
        .containsOnly("fleet_silence");
  }

  @Test
  void a_few_are_told_one_by_one() {
    beat(31, Duration.ofMinutes(4));
    assertThat(offline()).hasSize(19);
    assertThat(offline()).allMatch(row -> row.attention().groupKey() == null);
  }

  @Test
  void those_that_go_silent_one_after_the_other_are_told_one_by_one() {
    for (int alive = 49; alive >= 20; alive--) {
      beat(alive, Duration.ofSeconds(30));
    }
    beat(20, Duration.ofMinutes(4));
    assertThat(offline()).hasSize(30);
    assertThat(offline()).allMatch(row -> Objects.isNull(row.attention().groupKey()));
  }
}
