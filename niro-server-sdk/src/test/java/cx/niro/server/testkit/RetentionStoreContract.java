package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.protocol.CommandState;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.KeyRow;
import cx.niro.server.spi.Page;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link cx.niro.server.spi.RetentionStore}. */
abstract class RetentionStoreContract extends StoresUnderTest {
  private static final ClusterId OTHER = new ClusterId("other");

  private static Instant second(long number) {
    return StoreRows.T0.plusSeconds(number);
  }

  @BeforeEach
  void another() {
    write(tx -> tx.clusters().insert(StoreRows.cluster("other")));
  }

  @Test
  void forgets_the_timeline_of_all_clusters_in_pieces() {
    for (int i = 0; i < 10; i++) {
      int number = i;
      write(tx -> tx.timeline().append(StoreRows.entry(EDGE, number, "k" + number)));
    }
    write(tx -> tx.timeline().append(StoreRows.entry(OTHER, 1, "foreign")));
    assertThat(stores.retention().deleteTimelineBefore(second(5), 4)).isEqualTo(4);
    assertThat(stores.retention().deleteTimelineBefore(second(5), 4)).isEqualTo(2);
    assertThat(stores.retention().deleteTimelineBefore(second(5), 4)).isZero();
    assertThat(read(tx -> tx.timeline().list(EDGE, Set.of(), Page.Request.FIRST)).items())
        .hasSize(5);
  }

  @Test
  void forgets_finished_commands_and_frees_their_idempotency_keys() {
    CommandRow ended = StoreRows.command(EDGE, "ended", "once");
    CommandRow running = StoreRows.command(EDGE, "running", "twice");
    write(
        tx -> {
          tx.commands().insert(ended);
          tx.commands().insert(running);
          tx.commands().update(ended, StoreRows.inState(ended, CommandState.SUCCEEDED, 1, 30));
        });
    Instant finishedAt = StoreRows.inState(ended, CommandState.SUCCEEDED, 1, 30).finishedAt();
    assertThat(stores.retention().deleteCommandsFinishedBefore(finishedAt, 10)).isZero();
    assertThat(stores.retention().deleteCommandsFinishedBefore(second(1_000_000), 10)).isOne();
    assertThat(found(tx -> tx.commands().find(EDGE, ended.id()))).isEmpty();
    assertThat(found(tx -> tx.commands().find(EDGE, running.id()))).contains(running);
    assertThat(did(tx -> tx.commands().insert(StoreRows.command(EDGE, "again", "once")))).isTrue();
  }

  @Test
  void forgets_finished_commands_in_pieces() {
    for (int i = 0; i < 5; i++) {
      CommandRow row = StoreRows.command(i % 2 == 0 ? EDGE : OTHER, "c" + i);
      write(
          tx -> {
            tx.commands().insert(row);
            tx.commands().update(row, StoreRows.inState(row, CommandState.FAILED, 1, 30));
          });
    }
    assertThat(stores.retention().deleteCommandsFinishedBefore(second(60), 3)).isEqualTo(3);
    assertThat(stores.retention().deleteCommandsFinishedBefore(second(60), 3)).isEqualTo(2);
  }

  @Test
  void forgets_resolved_incidents_and_never_open_ones() {
    IncidentRow over = StoreRows.incident(EDGE, "over", "a");
    IncidentRow open = StoreRows.incident(EDGE, "open", "b");
    write(
        tx -> {
          tx.incidents().open(over);
          tx.incidents().open(open);
          tx.incidents().update(StoreRows.resolved(over));
        });
    assertThat(stores.retention().deleteIncidentsResolvedBefore(second(60), 10)).isZero();
    assertThat(stores.retention().deleteIncidentsResolvedBefore(second(61), 10)).isOne();
    assertThat(found(tx -> tx.incidents().find(over.id()))).isEmpty();
    assertThat(listed(tx -> tx.incidents().openOf(EDGE))).containsExactly(open);
    assertThat(did(tx -> tx.incidents().open(StoreRows.incident(EDGE, "again", "a")))).isTrue();
  }

  @Test
  void forgets_revoked_keys_in_pieces_also_without_their_cluster() {
    for (String id : List.of("a", "b", "c")) {
      write(tx -> tx.keys().insert(StoreRows.key(EDGE, id)));
    }
    write(tx -> tx.keys().insert(StoreRows.key(OTHER, "foreign")));
    write(tx -> tx.keys().revokeAll(EDGE, second(10)));
    write(tx -> tx.clusters().delete(EDGE));
    assertThat(stores.retention().deleteKeysRevokedBefore(second(10), 10)).isZero();
    assertThat(stores.retention().deleteKeysRevokedBefore(second(11), 2)).isEqualTo(2);
    assertThat(stores.retention().deleteKeysRevokedBefore(second(11), 2)).isOne();
    assertThat(found(tx -> tx.keys().findByKeyId("a"))).isEmpty();
    assertThat(found(tx -> tx.keys().findByKeyId("foreign")).map(KeyRow::state))
        .contains(KeyRow.State.CANDIDATE);
  }
}
