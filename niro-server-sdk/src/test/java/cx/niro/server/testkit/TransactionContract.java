package cx.niro.server.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.ClusterId;
import cx.niro.core.protocol.CommandState;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.StoreTx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** All of a transaction or nothing of it. */
abstract class TransactionContract extends StoresUnderTest {
  private static final ClusterId NEW = new ClusterId("new");

  @Test
  void returns_what_the_work_returned() {
    assertThat(stores.<String>inTransaction(tx -> "done")).isEqualTo("done");
  }

  @Test
  void sees_its_own_writes() {
    boolean seen =
        stores.inTransaction(
            tx -> {
              tx.clusters().insert(StoreRows.cluster("new"));
              return tx.clusters().find(NEW).isPresent();
            });
    assertThat(seen).isTrue();
  }

  @Test
  void leaves_nothing_when_the_work_throws_and_hands_the_exception_on() {
    IllegalStateException mine = new IllegalStateException("mine");
    assertThatThrownBy(
            () ->
                stores.inTransaction(
                    tx -> {
                      tx.clusters().insert(StoreRows.cluster("new"));
                      throw mine;
                    }))
        .isSameAs(mine);
    Optional<?> found = found(tx -> tx.clusters().find(NEW));
    assertThat(found).isEmpty();
  }

  @Test
  void leaves_nothing_when_it_dies_between_any_two_calls() {
    prepare();
    List<Object> before = everything();
    CrashingStores crashing = new CrashingStores(stores);
    int deaths = 0;
    boolean done = false;
    while (!done) {
      crashing.crashAfter(deaths);
      try {
        crashing.inTransaction(TransactionContract::writeEverywhere);
        done = true;
      } catch (CrashingStores.Crash e) {
        assertThat(everything()).as("after a crash at call %d", deaths).isEqualTo(before);
        deaths++;
      }
    }
    assertThat(deaths).isGreaterThan(15);
    assertThat(everything()).isNotEqualTo(before);
  }

  /** Rows that the transaction changes and deletes. */
  private void prepare() {
    write(
        tx -> {
          tx.enrollments().put(StoreRows.token(EDGE, "token-1"));
          tx.keys().insert(StoreRows.key(EDGE, "key-1"));
          tx.keys().insert(StoreRows.key(EDGE, "key-2"));
          tx.sessions().save(StoreRows.session(EDGE, 1, 5, 1));
          tx.commands().insert(StoreRows.command(EDGE, "command-1", "once"));
          tx.incidents().open(StoreRows.incident(EDGE, "incident-1", "a"));
          tx.incidents().open(StoreRows.incident(EDGE, "incident-2", "b"));
          tx.incidents().update(StoreRows.resolved(StoreRows.incident(EDGE, "incident-2", "b")));
          tx.timeline().append(StoreRows.entry(EDGE, 1, "old"));
          tx.clusters().insert(StoreRows.cluster("other"));
          tx.notifications().channels().insert(NoticeRows.channel("old"));
          tx.notifications().outbox().mark(NoticeRows.mark(1));
          tx.notifications().outbox().save(NoticeRows.group("old", "a", 1));
          tx.notifications().deliveries().append(NoticeRows.delivery("old", "first", 1));
        });
  }

  private static boolean writeEverywhere(StoreTx tx) {
    var command = StoreRows.command(EDGE, "command-1", "once");
    tx.clusters().insert(StoreRows.cluster("new"));
    tx.clusters().update(StoreRows.cluster("edge", StoreRows.ACME, "renamed", "uid"));
    tx.enrollments().use("token-1", StoreRows.REQUEST, "uid", StoreRows.T0);
    tx.enrollments().put(StoreRows.token(EDGE, "token-2"));
    tx.keys().insert(StoreRows.key(EDGE, "key-3"));
    tx.keys().makeCurrent("key-1", StoreRows.T0);
    tx.sessions().save(StoreRows.session(EDGE, 2, 1, 2));
    tx.commands().update(command, StoreRows.inState(command, CommandState.OFFERED, 1, 30));
    tx.commands().insert(StoreRows.command(EDGE, "command-2"));
    tx.incidents().update(StoreRows.resolved(StoreRows.incident(EDGE, "incident-1", "a")));
    tx.incidents().open(StoreRows.incident(EDGE, "incident-3", "a"));
    tx.incidents().deleteResolved(StoreRows.incident(EDGE, "incident-2", "b").id());
    tx.timeline().append(StoreRows.entry(EDGE, 2, "fresh"));
    tx.notifications().channels().insert(NoticeRows.channel("new"));
    tx.notifications().channels().update(NoticeRows.renamed(NoticeRows.channel("old")));
    tx.notifications().outbox().takeMarks(10);
    tx.notifications().outbox().mark(NoticeRows.mark(2));
    tx.notifications().outbox().save(NoticeRows.group("old", "a", 2));
    tx.notifications().outbox().delete(NoticeRows.group("old", "a", 2));
    tx.notifications().deliveries().append(NoticeRows.delivery("new", "second", 1));
    tx.notifications().deliveries().update(NoticeRows.sent("old", "first"));
    tx.keys().revokeAll(EDGE, StoreRows.T0);
    tx.clusters().delete(new ClusterId("other"));
    return true;
  }

  private List<Object> everything() {
    List<Object> all = new ArrayList<>();
    write(
        tx -> {
          all.clear(); // it may be run again
          all.addAll(tx.clusters().list(null, 100));
          all.add(tx.enrollments().find(EDGE));
          all.add(tx.enrollments().findByKeyId("token-1"));
          all.add(tx.enrollments().findByKeyId("token-2"));
          for (String key : List.of("key-1", "key-2", "key-3")) {
            all.add(tx.keys().findByKeyId(key));
          }
          all.add(tx.keys().revokedSince(StoreRows.T0));
          all.add(tx.sessions().find(EDGE));
          all.add(tx.sessions().generation(EDGE, StoreRows.session(EDGE, 2, 1, 2).bootId()));
          all.add(tx.commands().open(EDGE));
          all.add(tx.commands().list(EDGE, null, Page.Request.FIRST));
          all.add(tx.incidents().list(Set.of(EDGE), IncidentFilter.ALL, Page.Request.FIRST));
          all.add(tx.timeline().list(EDGE, Set.of(), Page.Request.FIRST));
          all.add(tx.notifications().channels().list(StoreRows.ACME));
          all.add(tx.notifications().outbox().groups("a"));
          all.add(tx.notifications().deliveries().heads(10));
        });
    return all;
  }

  @Test
  void writes_nothing_for_a_cluster_that_is_not_there() {
    write(
        tx -> {
          tx.enrollments().put(StoreRows.token(GONE, "token"));
          assertThat(tx.sessions().save(StoreRows.session(GONE, 1, 1, 1))).isFalse();
          assertThat(tx.commands().insert(StoreRows.command(GONE, "command"))).isFalse();
          assertThat(tx.incidents().open(StoreRows.incident(GONE, "incident", "a"))).isFalse();
          tx.timeline().append(StoreRows.entry(GONE, 1, "kind"));
        });
    write(
        tx -> {
          assertThat(tx.enrollments().findByKeyId("token")).isEmpty();
          assertThat(tx.sessions().find(GONE)).isEmpty();
          assertThat(tx.commands().open(GONE)).isEmpty();
          assertThat(tx.incidents().openOf(GONE)).isEmpty();
          assertThat(tx.timeline().list(GONE, Set.of(), Page.Request.FIRST).items()).isEmpty();
        });
  }
}
