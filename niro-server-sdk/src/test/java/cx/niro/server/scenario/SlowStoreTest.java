package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterStatus;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.InventoryStore;
import cx.niro.server.spi.RetentionStore;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A whole fleet falls silent, and each transaction takes its time. */
class SlowStoreTest {
  private final SlowStores stores = new SlowStores();
  private final FleetFixture fleet = new FleetFixture(stores, () -> stores.spent);

  /** Of which each transaction takes so long. */
  private static final class SlowStores implements Stores {
    private final Stores real = MemoryStores.create();
    private long each;
    private long spent;

    @Override
    public <T> T inTransaction(Function<StoreTx, T> work) {
      spent += each;
      return real.inTransaction(work);
    }

    @Override
    public InventoryStore inventory() {
      return real.inventory();
    }

    @Override
    public RetentionStore retention() {
      return real.retention();
    }

    @Override
    public void close() {
      real.close();
    }
  }

  @Test
  void a_server_that_is_busy_with_the_silent_does_not_think_that_it_was_away() {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      members.add(fleet.member("edge-" + i));
    }
    fleet.beatFor(
        Duration.ofMinutes(3), members.stream().map(Member::agent).toArray(FakeAgent[]::new));
    stores.each = Duration.ofMillis(300).toNanos();
    for (int i = 0; i < 180; i++) {
      fleet.pass(Duration.ofSeconds(1));
    }
    assertThat(members)
        .extracting(member -> fleet.status(member.id()))
        .containsOnly(ClusterStatus.OFFLINE);
  }
}
