package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.PollReply;
import cx.niro.server.Commands.CommandRequest;
import cx.niro.server.NiroServer;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.testkit.CrashingStores;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What it costs to hear of what other servers over the same stores did. */
class OtherServersTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final CrashingStores stores = new CrashingStores(MemoryStores.create()).shared();
  private final FleetFixture fleet = new FleetFixture(stores);
  private final NiroServer second = fleet.newServer();

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      fleet.pass(SECOND);
    }
  }

  /** Something that is of no interest to its agent. */
  private void happens(Member to) {
    stores.inTransaction(
        tx -> {
          tx.replicas().touch(List.of(to.id()), fleet.time.instant(), "third");
          return true;
        });
  }

  private static FakeAgent idle(Member member) {
    member.agent().beat();
    return member.agent();
  }

  @Test
  void a_parked_poll_is_woken_once_for_what_was_written_and_again_for_what_comes_later() {
    second.start();
    Member edge = fleet.member("edge");
    pass(7);
    CompletableFuture<PollReply> poll = idle(edge).poll();
    int before = stores.calls("CommandStore.open");
    happens(edge);
    pass(7);
    assertThat(stores.calls("CommandStore.open") - before)
        .as("what both hold, and the poll")
        .isEqualTo(3);
    CommandRow sent = second.commands().send(edge.id(), CommandRequest.PING, "ada");
    pass(1);
    assertThat(poll.join().commands()).hasSize(1);
    edge.agent().result(sent.id(), CommandState.SUCCEEDED);
  }

  @Test
  void a_cluster_whose_commands_cannot_be_read_holds_up_no_other_and_is_read_again() {
    second.start();
    Member edge = fleet.member("edge");
    Member shop = fleet.member("shop");
    CommandRow ping = second.commands().send(edge.id(), CommandRequest.PING, "ada");
    CompletionStage<CommandRow> finished = second.commands().whenFinished(edge.id(), ping.id());
    pass(7);
    CompletableFuture<PollReply> poll = idle(shop).poll();
    idle(edge).poll(0, 4).join();
    edge.agent().result(ping.id(), CommandState.SUCCEEDED);
    second.commands().send(shop.id(), CommandRequest.PING, "ada");
    stores.answer(
        "CommandStore.find",
        () -> {
          stores.heal();
          throw new UnsupportedOperationException("unreadable");
        });
    pass(1);
    assertThat(poll).isDone();
    pass(1);
    assertThat(finished.toCompletableFuture()).isDone();
  }

  @Test
  void a_result_that_meets_another_at_a_server_that_was_faster_is_looked_at_again() {
    Member edge = fleet.member("edge");
    CommandRow ping = fleet.server.commands().send(edge.id(), CommandRequest.PING, "ada");
    edge.agent().poll(0, 4).join();
    stores.answer(
        "CommandStore.update",
        () -> {
          stores.heal();
          return false;
        });

    assertThat(edge.agent().result(ping.id(), CommandState.SUCCEEDED).state())
        .isEqualTo(CommandState.SUCCEEDED);
  }

  @Test
  void a_cancellation_that_meets_a_poll_at_a_server_that_was_faster_is_looked_at_again() {
    Member edge = fleet.member("edge");
    CommandRow ping = fleet.server.commands().send(edge.id(), CommandRequest.PING, "ada");
    stores.answer(
        "CommandStore.update",
        () -> {
          stores.heal();
          return false;
        });

    assertThat(fleet.server.commands().cancel(edge.id(), ping.id(), "ada").state())
        .isEqualTo(CommandState.CANCELLED);
  }
}
