package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.OrganizationId;
import cx.niro.core.SilenceId;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.SilenceRow;
import cx.niro.server.spi.SilenceRow.State;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.SilenceStore}. */
abstract class SilenceStoreContract extends StoresUnderTest {
  private static final OrganizationId OTHER = new OrganizationId("other");
  private static final Instant NOW = StoreRows.T0.plusSeconds(10);
  private static final SilenceRow PAST = StoreRows.silence("past", 0, 10);
  private static final SilenceRow PRESENT = StoreRows.silence("present", 10, 20);
  private static final SilenceRow FUTURE = StoreRows.silence("future", 11, 30);
  private static final SilenceRow FOREIGN = StoreRows.silence("foreign", OTHER, 0, 20);

  private void insertAll() {
    write(tx -> List.of(PAST, PRESENT, FUTURE, FOREIGN).forEach(tx.silences()::insert));
  }

  private List<String> list(@Nullable State state, OrganizationId... organizations) {
    return read(tx -> tx.silences().list(Set.of(organizations), state, NOW, Page.Request.FIRST))
        .items()
        .stream()
        .map(row -> row.id().value())
        .toList();
  }

  @Test
  void are_found_as_they_were_inserted() {
    insertAll();
    assertThat(found(tx -> tx.silences().find(PRESENT.id()))).contains(PRESENT);
    assertThat(found(tx -> tx.silences().find(new SilenceId("nobody")))).isEmpty();
  }

  @Test
  void are_listed_newest_first_by_organization_and_state() {
    insertAll();
    assertThat(list(null, StoreRows.ACME)).containsExactly("future", "present", "past");
    assertThat(list(null, StoreRows.ACME, OTHER)).hasSize(4).startsWith("foreign");
    assertThat(list(State.ACTIVE, StoreRows.ACME)).containsExactly("present");
    assertThat(list(State.SCHEDULED, StoreRows.ACME)).containsExactly("future");
    assertThat(list(State.EXPIRED, StoreRows.ACME)).containsExactly("past");
    assertThat(list(null)).isEmpty();
  }

  @Test
  void are_read_by_pages() {
    insertAll();
    Page<SilenceRow> first =
        read(
            tx -> tx.silences().list(Set.of(StoreRows.ACME), null, NOW, new Page.Request(null, 2)));
    Page.Request more = new Page.Request(first.nextCursor(), 2);
    Page<SilenceRow> second =
        read(tx -> tx.silences().list(Set.of(StoreRows.ACME), null, NOW, more));

    assertThat(first.items()).containsExactly(FUTURE, PRESENT);
    assertThat(second.items()).containsExactly(PAST);
    assertThat(second.nextCursor()).isNull();
  }

  @Test
  void that_have_not_ended_are_found_by_organization() {
    insertAll();
    assertThat(listed(tx -> tx.silences().notEnded(StoreRows.ACME, NOW)))
        .containsExactlyInAnyOrder(PRESENT, FUTURE);
    assertThat(listed(tx -> tx.silences().notEnded(OTHER, NOW))).containsExactly(FOREIGN);
  }

  @Test
  void are_over_when_they_were_ended() {
    insertAll();
    write(tx -> tx.silences().update(FUTURE.endedAt(NOW)));
    assertThat(found(tx -> tx.silences().find(FUTURE.id()))).contains(FUTURE.endedAt(NOW));
    assertThat(list(State.EXPIRED, StoreRows.ACME)).containsExactly("future", "past");
    assertThat(listed(tx -> tx.silences().notEnded(StoreRows.ACME, NOW))).containsExactly(PRESENT);
  }

  @Test
  void are_deleted_by_age_in_small_pieces() {
    insertAll();
    Instant before = StoreRows.T0.plusSeconds(25);
    assertThat(stores.retention().deleteSilencesEndedBefore(before, 2)).isEqualTo(2);
    assertThat(stores.retention().deleteSilencesEndedBefore(before, 2)).isEqualTo(1);
    assertThat(stores.retention().deleteSilencesEndedBefore(before, 2)).isZero();
    assertThat(list(null, StoreRows.ACME)).containsExactly("future");
  }
}
