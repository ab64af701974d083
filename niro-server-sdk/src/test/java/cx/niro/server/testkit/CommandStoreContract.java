package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.CommandStore}. */
abstract class CommandStoreContract extends StoresUnderTest {
  private static final ClusterId OTHER = new ClusterId("other");
  private static final CommandRow FIRST = StoreRows.command(EDGE, "first", "once");

  @BeforeEach
  void another() {
    write(tx -> tx.clusters().insert(StoreRows.cluster("other")));
  }

  private boolean insert(CommandRow row) {
    return stores.inTransaction(tx -> tx.commands().insert(row));
  }

  private boolean update(CommandRow seen, CommandRow next) {
    return stores.inTransaction(tx -> tx.commands().update(seen, next));
  }

  @Test
  void are_found_as_they_were_inserted_by_their_own_cluster_only() {
    assertThat(insert(FIRST)).isTrue();
    assertThat(found(tx -> tx.commands().find(EDGE, FIRST.id()))).contains(FIRST);
    assertThat(found(tx -> tx.commands().find(OTHER, FIRST.id()))).isEmpty();
    assertThat(found(tx -> tx.commands().find(EDGE, new CommandId("nobody")))).isEmpty();
  }

  @Test
  void have_an_idempotency_key_that_is_unique_within_the_cluster() {
    insert(FIRST);
    assertThat(insert(StoreRows.command(EDGE, "second", "once"))).isFalse();
    assertThat(insert(StoreRows.command(OTHER, "third", "once"))).isTrue();
    assertThat(insert(StoreRows.command(EDGE, "fourth"))).isTrue();
    assertThat(insert(StoreRows.command(EDGE, "fifth"))).isTrue();
    assertThat(found(tx -> tx.commands().findByIdempotencyKey(EDGE, "once")))
        .contains(FIRST.withoutText());
    assertThat(found(tx -> tx.commands().find(EDGE, new CommandId("second")))).isEmpty();
  }

  @Test
  void of_one_idempotency_key_are_inserted_once_however_many_try() {
    List<Boolean> inserted =
        concurrently(30, i -> insert(StoreRows.command(EDGE, "c" + i, "once")));
    assertThat(wins(inserted)).isEqualTo(1);
    assertThat(listed(tx -> tx.commands().open(EDGE))).hasSize(1);
  }

  @Test
  void lose_the_text_of_their_payload_at_their_end() {
    insert(FIRST);
    CommandRow offered = StoreRows.inState(FIRST, CommandState.OFFERED, 1, 30);
    update(FIRST, offered.withoutText());
    assertThat(found(tx -> tx.commands().find(EDGE, FIRST.id()))).contains(offered);
    CommandRow ended = StoreRows.inState(FIRST, CommandState.SUCCEEDED, 1, 30);
    assertThat(update(offered, ended)).isTrue();
    assertThat(found(tx -> tx.commands().find(EDGE, FIRST.id()))).contains(ended.withoutText());
  }

  @Test
  void are_read_with_their_payload_one_by_one_only() {
    insert(FIRST);
    CommandRow bare = FIRST.withoutText();
    assertThat(listed(tx -> tx.commands().open(EDGE))).containsExactly(bare);
    assertThat(read(tx -> tx.commands().list(EDGE, null, Page.Request.FIRST)).items())
        .containsExactly(bare);
    assertThat(found(tx -> tx.commands().findByIdempotencyKey(EDGE, "once"))).contains(bare);
    assertThat(found(tx -> tx.commands().find(EDGE, FIRST.id()))).contains(FIRST);
  }

  @Test
  void are_listed_by_kind() {
    insert(FIRST);
    String kind = FIRST.request().kind();
    assertThat(read(tx -> tx.commands().list(EDGE, kind, Page.Request.FIRST)).items())
        .containsExactly(FIRST.withoutText());
    assertThat(read(tx -> tx.commands().list(EDGE, "acme.other", Page.Request.FIRST)).items())
        .isEmpty();
  }

  @Test
  void carry_a_payload_of_4_MiB() {
    RawJson payload = new RawJson("\"" + "a".repeat(4 * 1024 * 1024 - 2) + "\"");
    CommandRow.Request request = FIRST.request();
    CommandRow big =
        new CommandRow(
            FIRST.id(),
            EDGE,
            new CommandRow.Request(
                request.kind(),
                CommandRow.Payload.of(payload),
                null,
                null,
                false,
                "ada",
                request.createdAt(),
                request.deadlineAt()),
            CommandState.PENDING,
            0,
            null,
            false,
            null,
            null,
            null,
            null);
    insert(big);
    assertThat(found(tx -> tx.commands().find(EDGE, big.id())).orElseThrow().request().payload())
        .isEqualTo(CommandRow.Payload.of(payload));
  }

  @Test
  void are_open_until_they_are_final_oldest_first() {
    CommandRow second = StoreRows.command(EDGE, "a-second");
    insert(FIRST);
    insert(second);
    insert(StoreRows.command(OTHER, "foreign"));
    assertThat(listed(tx -> tx.commands().open(EDGE)))
        .containsExactly(FIRST.withoutText(), second.withoutText());

    CommandRow done = StoreRows.inState(FIRST, CommandState.SUCCEEDED, 1, 30);
    update(FIRST, done);
    assertThat(listed(tx -> tx.commands().open(EDGE))).containsExactly(second.withoutText());
    assertThat(found(tx -> tx.commands().find(EDGE, FIRST.id()))).contains(done.withoutText());
  }

  @Test
  void are_updated_only_from_what_was_seen() {
    insert(FIRST);
    CommandRow offered = StoreRows.inState(FIRST, CommandState.OFFERED, 1, 30);
    CommandRow again = StoreRows.inState(FIRST, CommandState.OFFERED, 2, 30);
    assertThat(update(offered, again)).isFalse();
    assertThat(update(FIRST, offered)).isTrue();
    assertThat(update(FIRST, again)).isFalse();
    assertThat(update(offered, again)).isTrue();
    assertThat(update(offered, again)).isFalse();
    assertThat(found(tx -> tx.commands().find(EDGE, FIRST.id()))).contains(again);
  }

  @Test
  void are_not_updated_when_a_cancellation_came_between() {
    insert(FIRST);
    CommandRow offered = StoreRows.inState(FIRST, CommandState.OFFERED, 1, 30);
    update(FIRST, offered);
    CommandRow asked =
        new CommandRow(
            offered.id(),
            EDGE,
            offered.request(),
            offered.state(),
            1,
            offered.offer(),
            true,
            "cancellation",
            null,
            null,
            null);
    assertThat(update(offered, asked)).isTrue();
    assertThat(update(offered, StoreRows.inState(FIRST, CommandState.RUNNING, 1, 30))).isFalse();
    assertThat(found(tx -> tx.commands().find(EDGE, FIRST.id()))).contains(asked);
  }

  @Test
  void are_updated_once_however_many_try() {
    insert(FIRST);
    CommandRow offered = StoreRows.inState(FIRST, CommandState.OFFERED, 1, 30);
    List<Boolean> updated = concurrently(30, i -> update(FIRST, offered));
    assertThat(wins(updated)).isEqualTo(1);
  }

  @Test
  void are_listed_newest_first_in_pages_that_stay_stable_while_others_arrive() {
    for (int i = 0; i < 25; i++) {
      insert(StoreRows.command(EDGE, "c" + i));
      insert(StoreRows.command(OTHER, "o" + i));
    }
    List<String> ids = new ArrayList<>();
    Page<CommandRow> page = read(tx -> tx.commands().list(EDGE, null, new Page.Request(null, 10)));
    page.items().forEach(row -> ids.add(row.id().value()));
    insert(StoreRows.command(EDGE, "late"));
    while (page.nextCursor() != null) {
      String cursor = page.nextCursor();
      page = read(tx -> tx.commands().list(EDGE, null, new Page.Request(cursor, 10)));
      page.items().forEach(row -> ids.add(row.id().value()));
    }
    assertThat(ids).hasSize(25).startsWith("c24", "c23").endsWith("c1", "c0");
  }

  @Test
  void are_due_after_the_deadline_and_the_lease_of_what_was_offered() {
    insert(FIRST);
    CommandRow held = StoreRows.command(OTHER, "held");
    insert(held);
    update(held, StoreRows.inState(held, CommandState.RUNNING, 1, 600));

    assertThat(due(300)).isEmpty();
    assertThat(due(301)).containsExactly(EDGE);
    assertThat(due(601)).containsExactlyInAnyOrder(EDGE, OTHER);
    assertThat(listed(tx -> tx.commands().clustersWithDue(StoreRows.T0.plusSeconds(601), 1)))
        .hasSize(1);

    update(FIRST, StoreRows.inState(FIRST, CommandState.EXPIRED, 0, 0));
    assertThat(due(601)).containsExactly(OTHER);
  }

  private List<ClusterId> due(long second) {
    return listed(tx -> tx.commands().clustersWithDue(StoreRows.T0.plusSeconds(second), 10));
  }
}
