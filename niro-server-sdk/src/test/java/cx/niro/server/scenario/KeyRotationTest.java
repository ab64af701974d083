package cx.niro.server.scenario;

import static cx.niro.server.scenario.LivenessTest.assertCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cx.niro.core.ErrorCode;
import cx.niro.core.NiroException;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.protocol.KeyRequest;
import cx.niro.server.AgentGateway;
import cx.niro.server.jdbc.JdbcStores;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.CrashingStores;
import cx.niro.server.testkit.FakeAgent;
import cx.niro.server.testkit.RealPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A new key for an agent: when it is offered, and what is left when a server dies on the way. */
class KeyRotationTest {
  enum Database {
    MEMORY,
    H2,
    POSTGRESQL;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    Stores open() {
      return switch (this) {
        case MEMORY -> MemoryStores.create();
        case H2 -> {
          JdbcConnectionPool pool =
              JdbcConnectionPool.create("jdbc:h2:mem:rotation" + NUMBER.incrementAndGet(), "", "");
          JdbcStores.migrate(pool);
          yield JdbcStores.over(pool);
        }
        case POSTGRESQL -> {
          assumeTrue(RealPostgres.isThere());
          yield JdbcStores.over(RealPostgres.emptied());
        }
      };
    }
  }

  private static KeyRequest request(FakeAgent agent, String name) {
    return new KeyRequest(agent.bootId(), FakeAgent.requestId(name));
  }

  private static String newKey(AgentGateway gateway, FakeAgent agent, String name) {
    return gateway.newKey(gateway.authenticate(agent.key()), request(agent, name)).agentKey();
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void a_server_that_dies_at_any_store_call_leaves_a_key_that_works(Database database) {
    CrashingStores stores = new CrashingStores(database.open());
    FleetFixture fleet = new FleetFixture(stores);
    boolean survived = false;
    int deaths = 0;
    while (!survived) {
      Member edge = fleet.member("edge-" + deaths);
      List<String> held = new ArrayList<>(List.of(edge.agent().key()));
      stores.crashAfter(deaths);
      try {
        AgentGateway gateway = fleet.server.gateway();
        held.add(0, newKey(gateway, edge.agent(), "rotate"));
        gateway.authenticate(held.get(0));
        survived = true;
      } catch (CrashingStores.Crash e) {
        deaths++;
      }
      stores.heal();
      fleet.crashAndRestart(Duration.ofSeconds(1));
      assertRotates(fleet, edge, held);
    }
    assertThat(deaths).isGreaterThan(8);
    fleet.server.close();
  }

  /** As an agent does: the newest key that works beats, asks again, and is replaced. */
  private static void assertRotates(FleetFixture fleet, Member edge, List<String> held) {
    AgentGateway gateway = fleet.server.gateway();
    String working = held.stream().filter(key -> works(gateway, key)).findFirst().orElseThrow();
    FakeAgent agent = fleet.agentAfterRestart(edge.agent()).withKey(working);
    agent.beat();
    String next = newKey(gateway, agent, "rotate-2");
    FakeAgent rotated = agent.copy().withKey(next);
    rotated.beat();
    assertCode(() -> gateway.authenticate(working), ErrorCode.KEY_REVOKED);
    List<KeyRow> live = fleet.stores.inTransaction(tx -> tx.keys().live(edge.id()));
    assertThat(live).extracting(KeyRow::state).containsExactly(KeyRow.State.CURRENT);
    assertThat(fleet.kinds(edge.id())).doesNotContain("token_created").contains("key_replaced");
  }

  private static boolean works(AgentGateway gateway, String key) {
    try {
      gateway.authenticate(key);
      return true;
    } catch (NiroException e) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource(value = Database.class, mode = Mode.EXCLUDE, names = "POSTGRESQL")
  void keys_that_were_never_used_stand_in_the_way_for_an_hour_at_most(Database database) {
    FleetFixture fleet = new FleetFixture(database.open());
    AgentGateway gateway = fleet.server.gateway();
    Member edge = fleet.member("edge");
    FakeAgent agent = edge.agent();
    String lost = newKey(gateway, agent, "request-0");
    for (int i = 1; i < 20; i++) {
      fleet.beatFor(FleetFixture.INTERVAL, agent);
      newKey(gateway, agent, "request-" + i);
    }
    fleet.beatFor(FleetFixture.INTERVAL, agent);
    assertCode(() -> newKey(gateway, agent, "one-more"), ErrorCode.TOO_MANY_REQUESTS);

    fleet.beatFor(Duration.ofHours(1), agent);
    String next = newKey(gateway, agent, "one-more");
    assertCode(() -> gateway.authenticate(lost), ErrorCode.KEY_REVOKED);
    agent.beat();
    agent.copy().withKey(next).beat();
    assertCode(agent::beat, ErrorCode.KEY_REVOKED);
    fleet.server.close();
  }

  @Test
  void one_request_id_gets_another_5_keys_after_an_hour() {
    FleetFixture fleet = new FleetFixture();
    AgentGateway gateway = fleet.server.gateway();
    FakeAgent agent = fleet.member("edge").agent();
    for (int i = 0; i < 5; i++) {
      newKey(gateway, agent, "rotate");
    }
    assertCode(() -> newKey(gateway, agent, "rotate"), ErrorCode.TOO_MANY_REQUESTS);
    fleet.beatFor(Duration.ofMinutes(61), agent);

    assertThat(newKey(gateway, agent, "rotate")).isNotNull();
  }

  @Test
  void a_rotation_is_offered_when_the_key_is_90_days_old_until_it_is_replaced() {
    FleetFixture fleet = new FleetFixture();
    FakeAgent first = fleet.member("edge").agent();
    fleet.crashAndRestart(Duration.ofDays(90));
    FakeAgent agent = fleet.agentAfterRestart(first);
    assertThat(agent.beat().rotateKey()).isNull();
    fleet.pass(FleetFixture.INTERVAL);
    assertThat(agent.beat().rotateKey()).isTrue();
    fleet.pass(FleetFixture.INTERVAL);
    assertThat(agent.beat().rotateKey()).isTrue();

    agent.withKey(newKey(fleet.server.gateway(), agent, "rotate"));
    fleet.pass(FleetFixture.INTERVAL);
    assertThat(agent.beat().rotateKey()).isNull();
  }

  @Test
  void a_rotation_that_was_asked_for_is_offered_with_the_next_beat_and_survives_a_restart() {
    FleetFixture fleet = new FleetFixture();
    Member edge = fleet.member("edge");
    fleet.pass(FleetFixture.INTERVAL);
    fleet.server.clusters().rotateKey(edge.id(), "ada");
    assertThat(fleet.kinds(edge.id())).contains("key_rotation_asked");

    fleet.crashAndRestart(Duration.ofSeconds(20));
    FakeAgent agent = fleet.agentAfterRestart(edge.agent());
    assertThat(agent.beat().rotateKey()).isTrue();
    agent.withKey(newKey(fleet.server.gateway(), agent, "rotate"));
    fleet.pass(FleetFixture.INTERVAL);
    assertThat(agent.beat().rotateKey()).isNull();

    fleet.pass(FleetFixture.INTERVAL);
    fleet.server.clusters().rotateKey(edge.id(), "ada");
    assertThat(agent.beat().rotateKey()).isTrue();
  }

  @Test
  void no_rotation_is_offered_or_taken_on_while_two_agents_have_the_key() {
    FleetFixture fleet = new FleetFixture();
    Member edge = fleet.member("edge");
    fleet.pass(FleetFixture.INTERVAL);
    fleet.server.clusters().rotateKey(edge.id(), "ada");
    FakeAgent old = edge.agent().copy();
    edge.agent().restart().beat();
    for (int i = 0; i < 10; i++) {
      fleet.beatFor(FleetFixture.INTERVAL, edge.agent());
      assertCode(old::beat, ErrorCode.BOOT_SUPERSEDED);
    }
    fleet.pass(FleetFixture.INTERVAL);
    edge.agent().beat();
    assertThat(fleet.openTypes(edge.id())).containsExactly(IncidentType.AGENT_DUPLICATE);

    fleet.pass(FleetFixture.INTERVAL);
    assertThat(edge.agent().beat().rotateKey()).isNull();
    assertCode(
        () -> fleet.server.clusters().rotateKey(edge.id(), "ada"), ErrorCode.AGENT_DUPLICATE);
  }
}
