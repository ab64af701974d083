package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.PollReply;
import cx.niro.core.protocol.RawJson;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.server.Commands;
import cx.niro.server.Commands.CommandRequest;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.CommandRow;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WaitingForCommandTest {
  private final FleetFixture fleet = new FleetFixture();
  private final Commands commands = fleet.server.commands();
  private final Member edge = fleet.member("edge");
  private final Member other = fleet.member("other");

  private CompletableFuture<CommandRow> whenFinished(Member member, CommandId id) {
    return commands.whenFinished(member.id(), id).toCompletableFuture();
  }

  @Test
  void one_who_asks_under_another_cluster_hears_that_there_is_none_and_disturbs_nobody() {
    CommandId ping = commands.send(edge.id(), CommandRequest.PING, "ada").id();
    CompletableFuture<CommandRow> waiting = whenFinished(edge, ping);
    CompletableFuture<CommandRow> foreign = whenFinished(other, ping);
    fleet.time.runDue();
    assertThat(foreign).isCompletedExceptionally();
    assertThat(waiting).isNotDone();

    edge.agent().poll(0, 4).join();
    edge.agent().result(ping, CommandState.SUCCEEDED);
    fleet.time.runDue();
    assertThat(waiting.join().state()).isEqualTo(CommandState.SUCCEEDED);
  }

  @Test
  void one_who_waits_no_longer_does_not_take_the_others_along() {
    CommandId ping = commands.send(edge.id(), CommandRequest.PING, "ada").id();
    CompletableFuture<CommandRow> patient = whenFinished(edge, ping);
    whenFinished(edge, ping).cancel(false);
    commands.cancel(edge.id(), ping, "ada");
    fleet.time.runDue();
    assertThat(patient.join().state()).isEqualTo(CommandState.CANCELLED);
  }

  @Test
  void a_kind_that_the_agent_calls_idempotent_is_given_to_its_next_process() {
    String[] granted = {"acme.reboot", Capabilities.idempotent("acme.reboot")};
    edge.agent().granted(granted).beat();
    CommandRequest reboot =
        new CommandRequest("acme.reboot", CommandRequest.PING.payload(), null, null, null);
    CommandId id = commands.send(edge.id(), reboot, "ada").id();
    edge.agent().poll(0, 4).join();

    edge.agent().restart().granted(granted).beat();
    CompletableFuture<PollReply> poll = edge.agent().poll(55, 4);
    fleet.pass(Duration.ofSeconds(32));
    assertThat(poll.join().commands().get(0).id()).isEqualTo(id);
  }

  @Test
  void the_payloads_of_open_commands_together_have_a_limit() {
    edge.agent().granted("acme.reboot").beat();
    RawJson large = new RawJson("\"" + "x".repeat(4_000_000) + "\"");
    CommandRequest reboot = new CommandRequest("acme.reboot", large, null, null, null);
    for (int i = 0; i < 4; i++) {
      commands.send(edge.id(), reboot, "ada");
    }

    assertThatThrownBy(() -> commands.send(edge.id(), reboot, "ada"))
        .hasMessage(
            "the payloads of the cluster's open commands would have 20000010 bytes together;"
                + " at most 16777216 may be open");
    assertThat(commands.send(edge.id(), CommandRequest.PING, "ada").state())
        .isEqualTo(CommandState.PENDING);
  }

  @Test
  void a_drain_that_is_cut_short_by_a_close_completes() {
    edge.agent().poll();
    CompletableFuture<Void> drained = fleet.server.drain().toCompletableFuture();
    fleet.server.close();
    assertThat(drained).isCompleted();
  }
}
