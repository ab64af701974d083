package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.InventoryDelta;
import cx.niro.server.spi.InventoryRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.InventoryStore}. */
abstract class InventoryStoreContract extends StoresUnderTest {
  private InventoryRow stored() {
    return stores.inventory().find(EDGE).orElseThrow();
  }

  private void save(InventoryRow... rows) {
    stores.inventory().save(List.of(rows));
  }

  @Test
  void are_found_as_they_were_saved() {
    InventoryRow row = StoreRows.inventory(EDGE, 1, 1);
    assertThat(stores.inventory().find(EDGE)).isEmpty();
    save(row);
    assertThat(stored()).isEqualTo(row);
    assertThat(stored().body()).isEqualTo(row.body());
    assertThat(stored().bootId()).isEqualTo(row.bootId());
    assertThat(stored().codec()).isEqualTo(row.codec());
    assertThat(stored().receivedAt()).isEqualTo(row.receivedAt());
  }

  @Test
  void keep_the_newer_content_whatever_comes_later() {
    save(StoreRows.inventory(EDGE, 2, 5));
    save(StoreRows.inventory(EDGE, 2, 4));
    save(StoreRows.inventory(EDGE, 1, 9));
    assertThat(stored().revision()).isEqualTo(5);
    save(StoreRows.inventory(EDGE, 2, 6));
    assertThat(stored().revision()).isEqualTo(6);
    save(StoreRows.inventory(EDGE, 3, 1));
    assertThat(stored().bootGeneration()).isEqualTo(3);
    assertThat(stored().revision()).isEqualTo(1);
  }

  @Test
  void are_saved_for_many_clusters_at_once_and_for_none() {
    write(tx -> tx.clusters().insert(StoreRows.cluster("other")));
    ClusterId other = new ClusterId("other");
    save();
    save(
        StoreRows.inventory(EDGE, 1, 1),
        StoreRows.inventory(GONE, 1, 1),
        StoreRows.inventory(other, 1, 7));
    assertThat(stored().revision()).isEqualTo(1);
    assertThat(stores.inventory().find(other).orElseThrow().revision()).isEqualTo(7);
    assertThat(stores.inventory().find(GONE)).isEmpty();
  }

  private void append(InventoryDelta... deltas) {
    stores.inventory().append(List.of(deltas));
  }

  @Test
  void keep_deltas_in_order_as_they_were_appended() {
    write(tx -> tx.clusters().insert(StoreRows.cluster("other")));
    ClusterId other = new ClusterId("other");
    append(
        StoreRows.delta(EDGE, 1, 9),
        StoreRows.delta(EDGE, 1, 10),
        StoreRows.delta(other, 7, 2),
        StoreRows.delta(GONE, 1, 2));
    append(StoreRows.delta(EDGE, 1, 11));
    append();
    List<InventoryDelta> stored = stores.inventory().deltas(EDGE);
    assertThat(stored)
        .containsExactly(
            StoreRows.delta(EDGE, 1, 9),
            StoreRows.delta(EDGE, 1, 10),
            StoreRows.delta(EDGE, 1, 11));
    assertThat(stored.get(1).body()).isEqualTo(StoreRows.delta(EDGE, 1, 10).body());
    assertThat(stored.get(1).codec()).isEqualTo(1);
    assertThat(stores.inventory().deltas(other)).containsExactly(StoreRows.delta(other, 7, 2));
    assertThat(stores.inventory().deltas(GONE)).isEmpty();
  }

  @Test
  void keep_the_first_of_two_deltas_to_one_revision() {
    InventoryDelta first = StoreRows.delta(EDGE, 1, 5);
    append(first);
    append(
        new InventoryDelta(EDGE, 1, 2, 5, StoreRows.T0, 1, new byte[] {1}),
        StoreRows.delta(EDGE, 1, 6));
    assertThat(stores.inventory().deltas(EDGE)).containsExactly(first, StoreRows.delta(EDGE, 1, 6));
  }

  @Test
  void keep_two_deltas_on_one_revision() {
    InventoryDelta unanswered = new InventoryDelta(EDGE, 1, 4, 5, StoreRows.T0, 1, new byte[] {1});
    InventoryDelta next = new InventoryDelta(EDGE, 1, 4, 6, StoreRows.T0, 1, new byte[] {2});
    append(next);
    append(unanswered);
    assertThat(stores.inventory().deltas(EDGE)).containsExactly(unanswered, next);
    assertThat(stores.inventory().deltas(EDGE).get(1).baseRevision()).isEqualTo(4);
  }

  @Test
  void drop_the_deltas_that_saved_content_holds() {
    append(StoreRows.delta(EDGE, 1, 9), StoreRows.delta(EDGE, 2, 4), StoreRows.delta(EDGE, 2, 5));
    save(StoreRows.inventory(EDGE, 2, 4));
    assertThat(stores.inventory().deltas(EDGE)).containsExactly(StoreRows.delta(EDGE, 2, 5));
    save(StoreRows.inventory(EDGE, 3, 1));
    assertThat(stores.inventory().deltas(EDGE)).isEmpty();
  }

  @Test
  void have_each_delta_once_however_many_append_it_together() {
    concurrently(
        20,
        i -> {
          append(StoreRows.delta(EDGE, 1, 2 + i / 2), StoreRows.delta(EDGE, 1, 3 + i / 2));
          return true;
        });
    assertThat(stores.inventory().deltas(EDGE)).hasSize(11);
  }

  @Test
  void carry_a_body_of_16_MiB() {
    byte[] body = new byte[16 * 1024 * 1024];
    body[body.length - 1] = 7;
    InventoryRow small = StoreRows.inventory(EDGE, 1, 1);
    save(new InventoryRow(EDGE, small.bootId(), 1, 1, small.receivedAt(), 1, body));
    assertThat(stored().body()).isEqualTo(body);
    append(new InventoryDelta(EDGE, 1, 1, 2, StoreRows.T0, 1, body));
    assertThat(stores.inventory().deltas(EDGE).get(0).body()).isEqualTo(body);
  }

  @Test
  void end_with_the_newest_content_however_many_save_together() {
    concurrently(
        20,
        i -> {
          save(StoreRows.inventory(EDGE, 1, i + 1));
          return true;
        });
    assertThat(stored().revision()).isEqualTo(20);
  }

  @Test
  void raise_last_seen_and_never_lower_it() {
    Instant later = StoreRows.T0.plusSeconds(10);
    stores.inventory().touch(Map.of(EDGE, later));
    stores.inventory().touch(Map.of(EDGE, StoreRows.T0, GONE, later));
    stores.inventory().touch(Map.of());
    assertThat(stores.inventory().lastSeen()).isEqualTo(Map.of(EDGE, later));
  }

  @Test
  void have_no_last_seen_before_the_first_touch() {
    assertThat(stores.inventory().lastSeen()).isEmpty();
  }

  @Test
  void tell_what_was_seen_and_what_was_received_since() {
    write(tx -> tx.clusters().insert(StoreRows.cluster("other")));
    Instant later = StoreRows.T0.plusSeconds(10);
    stores.inventory().touch(Map.of(EDGE, StoreRows.T0, new ClusterId("other"), later));
    assertThat(stores.inventory().seenSince(StoreRows.T0)).hasSize(2);
    assertThat(stores.inventory().seenSince(later))
        .isEqualTo(Map.of(new ClusterId("other"), later));
    assertThat(stores.inventory().seenSince(later.plusMillis(1))).isEmpty();
    InventoryRow row = StoreRows.inventory(EDGE, 1, 1);
    save(row);
    Instant received = row.receivedAt();
    assertThat(stores.inventory().receivedSince(received)).isEqualTo(Map.of(EDGE, received));
    assertThat(stores.inventory().receivedSince(received.plusMillis(1))).isEmpty();
    Instant changed = received.plusSeconds(15);
    append(new InventoryDelta(EDGE, 1, 1, 2, changed, 1, new byte[] {1}));
    assertThat(stores.inventory().deltas(EDGE).get(0).receivedAt()).isEqualTo(changed);
    assertThat(stores.inventory().receivedSince(received)).isEqualTo(Map.of(EDGE, changed));
    assertThat(stores.inventory().receivedSince(changed.plusMillis(1))).isEmpty();
  }
}
