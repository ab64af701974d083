package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.spi.LeaseRow;
import cx.niro.server.spi.ReplicaStore;
import cx.niro.server.spi.ReplicaStore.Touch;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link ReplicaStore}. */
abstract class ReplicaStoreContract extends StoresUnderTest {
  private static final Instant START = StoreRows.entry(EDGE, 0, "").at();

  private static Instant at(long second) {
    return START.plusSeconds(second);
  }

  private static LeaseRow lease(String name, String owner, long endsAt) {
    return new LeaseRow(name, owner, at(endsAt), at(1), at(2));
  }

  private List<Touch> touched(long since, String notBy) {
    return listed(tx -> tx.replicas().touchedSince(at(since), notBy, 9));
  }

  @Test
  void tells_what_others_have_touched_since() {
    write(tx -> tx.replicas().touch(List.of(EDGE, GONE), at(5), "first"));
    write(tx -> tx.replicas().touch(List.of(EDGE), at(7), "second"));
    assertThat(touched(5, "second")).extracting(Touch::cluster).containsOnly(EDGE, GONE);
    assertThat(touched(5, "first")).extracting(Touch::cluster).containsExactly(EDGE);
    assertThat(touched(5, "third")).extracting(Touch::number).doesNotHaveDuplicates().hasSize(3);
    assertThat(touched(5, "third")).containsExactlyInAnyOrderElementsOf(touched(4, "third"));
    assertThat(touched(6, "second")).isEmpty();
    assertThat(listed(tx -> tx.replicas().touchedSince(at(5), "third", 2))).hasSize(2);
  }

  @Test
  void forgets_old_touches_a_few_at_a_time() {
    write(tx -> tx.replicas().touch(List.of(EDGE, GONE), at(5), "first"));
    write(tx -> tx.replicas().touch(List.of(EDGE), at(7), "first"));
    assertThat(count(tx -> tx.replicas().forgetTouchesBefore(at(7), 1))).isEqualTo(1);
    assertThat(count(tx -> tx.replicas().forgetTouchesBefore(at(7), 9))).isEqualTo(1);
    assertThat(touched(0, "")).hasSize(1);
  }

  @Test
  void gives_a_lease_that_nobody_has_to_one() {
    List<Boolean> outcomes =
        concurrently(
            8,
            number ->
                did(tx -> tx.replicas().putLease(null, lease("duty", "server" + number, 10))));
    assertThat(wins(outcomes)).isEqualTo(1);
    assertThat(listed(tx -> tx.replicas().leases())).hasSize(1);
  }

  @Test
  void gives_a_lease_that_ended_to_one() {
    LeaseRow ended = lease("duty", "dead", 10);
    write(tx -> tx.replicas().putLease(null, ended));
    List<Boolean> outcomes =
        concurrently(
            8,
            number ->
                did(tx -> tx.replicas().putLease(ended, lease("duty", "server" + number, 20))));
    assertThat(wins(outcomes)).isEqualTo(1);
    LeaseRow now = read(tx -> tx.replicas().leases()).get(0);
    assertThat(now.endsAt()).isEqualTo(at(20));
    assertThat(did(tx -> tx.replicas().putLease(ended, lease("duty", "late", 30)))).isFalse();
  }

  @Test
  void keeps_what_a_lease_says() {
    LeaseRow row = lease("duty", "first", 10);
    write(tx -> tx.replicas().putLease(null, row));
    assertThat(listed(tx -> tx.replicas().leases())).containsExactly(row);
    LeaseRow next = new LeaseRow("duty", "first", at(11), at(3), at(4));
    assertThat(did(tx -> tx.replicas().putLease(row, next))).isTrue();
    assertThat(listed(tx -> tx.replicas().leases())).containsExactly(next);
  }

  @Test
  void drops_the_leases_of_an_owner() {
    write(tx -> tx.replicas().putLease(null, lease("one", "first", 10)));
    write(tx -> tx.replicas().putLease(null, lease("two", "first", 10)));
    write(tx -> tx.replicas().putLease(null, lease("three", "second", 10)));
    write(tx -> tx.replicas().dropLeases("first"));
    assertThat(listed(tx -> tx.replicas().leases()))
        .extracting(LeaseRow::name)
        .containsExactly("three");
  }
}
