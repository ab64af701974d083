package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ChannelId;
import cx.niro.core.DeliveryId;
import cx.niro.core.OrganizationId;
import cx.niro.server.spi.ChannelRow;
import cx.niro.server.spi.DeliveryRow;
import cx.niro.server.spi.DeliveryRow.State;
import cx.niro.server.spi.MarkRow;
import cx.niro.server.spi.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.NotificationStores}. */
abstract class NotificationStoresContract extends StoresUnderTest {
  private static final ChannelRow OPS = NoticeRows.channel("ops");
  private static final ChannelRow DEV = NoticeRows.channel("dev");

  @BeforeEach
  void twoChannels() {
    write(
        tx -> {
          tx.notifications().channels().insert(OPS);
          tx.notifications().channels().insert(DEV);
        });
  }

  @Test
  void channels_are_found_and_listed_by_name_as_they_were_written() {
    assertThat(found(tx -> tx.notifications().channels().find(OPS.id()))).contains(OPS);
    assertThat(listed(tx -> tx.notifications().channels().list(StoreRows.ACME)))
        .containsExactly(DEV, OPS);
    OrganizationId other = new OrganizationId("other");
    assertThat(listed(tx -> tx.notifications().channels().list(other))).isEmpty();
  }

  @Test
  void a_name_is_taken_once_and_a_channel_that_is_gone_is_not_changed() {
    ChannelRow renamed = NoticeRows.renamed(OPS);
    assertThat(did(tx -> tx.notifications().channels().insert(OPS))).isFalse();
    assertThat(did(tx -> tx.notifications().channels().update(renamed))).isTrue();
    assertThat(found(tx -> tx.notifications().channels().find(OPS.id()))).contains(renamed);
    assertThat(did(tx -> tx.notifications().channels().update(NoticeRows.renamed(DEV)))).isFalse();
    assertThat(did(tx -> tx.notifications().channels().update(NoticeRows.channel("gone"))))
        .isFalse();
  }

  @Test
  void a_deleted_channel_takes_its_groups_and_deliveries_with_it() {
    write(
        tx -> {
          tx.notifications().outbox().save(NoticeRows.group("ops", "a", 1));
          tx.notifications().deliveries().append(NoticeRows.delivery("ops", "d1", 1));
        });
    assertThat(did(tx -> tx.notifications().channels().delete(OPS.id()))).isTrue();
    assertThat(did(tx -> tx.notifications().channels().delete(OPS.id()))).isFalse();
    write(
        tx -> {
          tx.notifications().outbox().save(NoticeRows.group("ops", "b", 1));
          tx.notifications().deliveries().append(NoticeRows.delivery("ops", "d2", 1));
        });
    assertThat(listed(tx -> tx.notifications().outbox().nextGroups(10))).isEmpty();
    assertThat(listed(tx -> tx.notifications().deliveries().heads(10))).isEmpty();
    assertThat(found(tx -> tx.notifications().deliveries().find(new DeliveryId("d1")))).isEmpty();
  }

  @Test
  void marks_are_taken_once_and_in_order_also_for_clusters_that_are_gone() {
    MarkRow gone = new MarkRow(GONE, "cluster/gone", false, NoticeRows.at(2));
    write(
        tx -> {
          tx.notifications().outbox().mark(NoticeRows.mark(1));
          tx.notifications().outbox().mark(gone);
          tx.notifications().outbox().mark(NoticeRows.mark(3));
        });
    assertThat(listed(tx -> tx.notifications().outbox().takeMarks(2)))
        .containsExactly(NoticeRows.mark(1), gone);
    assertThat(listed(tx -> tx.notifications().outbox().takeMarks(2)))
        .containsExactly(NoticeRows.mark(3));
    assertThat(listed(tx -> tx.notifications().outbox().takeMarks(2))).isEmpty();
  }

  @Test
  void groups_are_one_for_each_channel_and_key_and_come_by_their_due_time() {
    write(
        tx -> {
          tx.notifications().outbox().save(NoticeRows.group("ops", "a", 9));
          tx.notifications().outbox().save(NoticeRows.group("dev", "a", 2));
          tx.notifications().outbox().save(NoticeRows.group("ops", "b", 3));
          tx.notifications().outbox().save(NoticeRows.group("ops", "a", 1));
        });
    assertThat(listed(tx -> tx.notifications().outbox().nextGroups(2)))
        .containsExactly(NoticeRows.group("ops", "a", 1), NoticeRows.group("dev", "a", 2));
    assertThat(listed(tx -> tx.notifications().outbox().groups("a")))
        .containsExactly(NoticeRows.group("dev", "a", 2), NoticeRows.group("ops", "a", 1));
    assertThat(found(tx -> tx.notifications().outbox().group(OPS.id(), "b")))
        .contains(NoticeRows.group("ops", "b", 3));
    write(tx -> tx.notifications().outbox().delete(NoticeRows.group("ops", "a", 1)));
    assertThat(found(tx -> tx.notifications().outbox().group(OPS.id(), "a"))).isEmpty();
  }

  @Test
  void the_oldest_pending_delivery_of_each_channel_is_its_head() {
    write(
        tx -> {
          tx.notifications().deliveries().append(NoticeRows.delivery("ops", "o1", 7));
          tx.notifications().deliveries().append(NoticeRows.delivery("ops", "o2", 1));
          tx.notifications().deliveries().append(NoticeRows.delivery("dev", "d1", 3));
        });
    assertThat(listed(tx -> tx.notifications().deliveries().heads(10)))
        .containsExactly(NoticeRows.delivery("dev", "d1", 3), NoticeRows.delivery("ops", "o1", 7));
    write(tx -> tx.notifications().deliveries().update(NoticeRows.sent("ops", "o1")));
    assertThat(listed(tx -> tx.notifications().deliveries().heads(1)))
        .containsExactly(NoticeRows.delivery("ops", "o2", 1));
    assertThat(found(tx -> tx.notifications().deliveries().find(new DeliveryId("o1"))))
        .contains(NoticeRows.sent("ops", "o1"));
  }

  @Test
  void a_delivery_is_claimed_by_one_and_may_be_claimed_again_from_then_on() {
    DeliveryRow seen = NoticeRows.delivery("ops", "o1", 1);
    write(tx -> tx.notifications().deliveries().append(seen));
    List<Boolean> claims =
        concurrently(
            8,
            number ->
                did(tx -> tx.notifications().deliveries().claim(seen, NoticeRows.at(20 + number))));
    assertThat(wins(claims)).isEqualTo(1);
    DeliveryRow now = listed(tx -> tx.notifications().deliveries().heads(1)).get(0);
    assertThat(now.progress().nextAt()).isAfterOrEqualTo(NoticeRows.at(20));
    assertThat(did(tx -> tx.notifications().deliveries().claim(now, NoticeRows.at(40)))).isTrue();
    write(tx -> tx.notifications().deliveries().update(NoticeRows.sent("ops", "o1")));
    DeliveryRow sent = NoticeRows.sent("ops", "o1");
    assertThat(did(tx -> tx.notifications().deliveries().claim(sent, NoticeRows.at(50)))).isFalse();
  }

  @Test
  void deliveries_are_listed_newest_first_by_state_and_in_pages() {
    write(
        tx -> {
          for (String id : List.of("1", "2", "3")) {
            tx.notifications().deliveries().append(NoticeRows.delivery("ops", id, 1));
          }
          tx.notifications().deliveries().update(NoticeRows.sent("ops", "2"));
        });
    assertThat(ids(OPS.id(), null)).containsExactly("3", "2", "1");
    assertThat(ids(OPS.id(), State.SENT)).containsExactly("2");
    assertThat(ids(OPS.id(), State.DEAD)).isEmpty();
    assertThat(ids(DEV.id(), null)).isEmpty();
    Page<DeliveryRow> first = page(null);
    assertThat(first.items()).hasSize(2);
    assertThat(page(first.nextCursor()).items())
        .containsExactly(NoticeRows.delivery("ops", "1", 1));
  }

  private List<String> ids(ChannelId channel, @Nullable State state) {
    return read(tx -> tx.notifications().deliveries().list(channel, state, Page.Request.FIRST))
        .items()
        .stream()
        .map(row -> row.id().value())
        .toList();
  }

  private Page<DeliveryRow> page(@Nullable String cursor) {
    return read(
        tx -> tx.notifications().deliveries().list(OPS.id(), null, new Page.Request(cursor, 2)));
  }

  @Test
  void only_finished_deliveries_are_deleted_by_age() {
    write(
        tx -> {
          tx.notifications().deliveries().append(NoticeRows.delivery("ops", "1", 1));
          tx.notifications().deliveries().append(NoticeRows.delivery("ops", "2", 1));
          tx.notifications().deliveries().update(NoticeRows.sent("ops", "1"));
        });
    assertThat(deleted(9)).isZero();
    assertThat(deleted(10)).isEqualTo(1);
    assertThat(ids(OPS.id(), null)).containsExactly("2");
  }

  private int deleted(long second) {
    return count(
        tx -> tx.notifications().deliveries().deleteFinishedBefore(NoticeRows.at(second), 10));
  }
}
