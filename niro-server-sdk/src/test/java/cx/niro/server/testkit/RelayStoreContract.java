package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.spi.RelayRow;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.RelayStore}. */
abstract class RelayStoreContract extends StoresUnderTest {
  private static final Instant LATER = Instant.parse("2026-01-05T09:00:00Z");
  private static final RelayRow ONE = new RelayRow("one", "http://10.0.0.1:8080", "hidden", LATER);
  private static final RelayRow TWO = new RelayRow("two", null, "too", LATER.plusSeconds(1));

  @Test
  void are_written_over_by_their_server_and_listed_until_they_are_dropped() {
    write(tx -> tx.relays().put(ONE));
    write(tx -> tx.relays().put(TWO));
    assertThat(listed(tx -> tx.relays().all())).containsExactlyInAnyOrder(ONE, TWO);

    RelayRow moved = new RelayRow("one", "https://b:1", "other", LATER.plusSeconds(20));
    write(tx -> tx.relays().put(moved));
    assertThat(listed(tx -> tx.relays().all())).containsExactlyInAnyOrder(moved, TWO);

    write(tx -> tx.relays().drop("one"));
    write(tx -> tx.relays().drop("nobody"));
    assertThat(listed(tx -> tx.relays().all())).containsExactly(TWO);
    assertThat(ONE.toString()).doesNotContain("hidden");
  }
}
