package cx.niro.server.scenario;

import static cx.niro.server.scenario.LivenessTest.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ErrorCode;
import cx.niro.core.NiroException;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.PollReply;
import cx.niro.server.Commands.CommandRequest;
import cx.niro.server.NiroServer;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class DeletionTest {
  private final FleetFixture fleet = new FleetFixture();

  private static ErrorCode codeOf(CompletableFuture<?> future) {
    try {
      future.join();
      throw new AssertionError("completed normally");
    } catch (CompletionException e) {
      return ((NiroException) e.getCause()).code();
    }
  }

  @Test
  void deleting_ends_the_parked_poll_and_refuses_the_next_beat() {
    Member edge = fleet.member("edge");
    CompletableFuture<PollReply> poll = edge.agent().poll();
    fleet.server.clusters().delete(edge.id(), "ada");
    fleet.time.runDue();

    assertThat(codeOf(poll)).isEqualTo(ErrorCode.KEY_REVOKED);
    assertCode(edge.agent()::beat, ErrorCode.KEY_REVOKED);
    assertThat(fleet.server.fleet().cluster(edge.id())).isEmpty();
  }

  @Test
  void deleting_cancels_open_commands_and_refuses_a_late_result() {
    Member edge = fleet.member("edge");
    CommandRow ping = fleet.server.commands().send(edge.id(), CommandRequest.PING, "ada");
    var finished = fleet.server.commands().whenFinished(edge.id(), ping.id());
    edge.agent().poll().join();
    fleet.server.clusters().delete(edge.id(), "ada");
    fleet.time.runDue();

    CommandRow end = finished.toCompletableFuture().join();
    assertThat(end.state()).isEqualTo(CommandState.CANCELLED);
    assertThat(end.reason()).contains("deleted by ada");
    assertCode(() -> edge.agent().result(ping.id(), CommandState.SUCCEEDED), ErrorCode.KEY_REVOKED);
  }

  @Test
  void adding_the_same_kubernetes_cluster_again_works_at_once() {
    var made = fleet.create("edge");
    fleet.agent().enroll(made.enrollment().token(), "uid-1").beat();
    fleet.server.clusters().delete(made.id(), "ada");

    var again = fleet.create("edge");
    FakeAgent agent = fleet.agent().enroll(again.enrollment().token(), "uid-1");
    agent.beat();
    assertThat(fleet.view(again.id()).lastHeartbeatAt()).isEqualTo(fleet.time.instant());
  }

  @Test
  void the_key_stays_revoked_after_a_restart_of_the_server() {
    Member edge = fleet.member("edge");
    fleet.server.clusters().delete(edge.id(), "ada");
    fleet.crashAndRestart(Duration.ofSeconds(5));
    assertCode(
        () -> fleet.server.gateway().authenticate(edge.agent().key()), ErrorCode.KEY_REVOKED);
  }

  @Test
  void a_key_revoked_on_another_replica_is_dead_here_within_a_second() {
    Member edge = fleet.member("edge");
    fleet.pass(Duration.ofSeconds(2));
    NiroServer other = fleet.newServer();
    other.start();
    CompletableFuture<PollReply> poll = edge.agent().poll();

    other.clusters().delete(edge.id(), "ada");
    fleet.pass(Duration.ofSeconds(1));

    assertThat(codeOf(poll)).isEqualTo(ErrorCode.KEY_REVOKED);
    assertCode(edge.agent()::beat, ErrorCode.KEY_REVOKED);
  }

  @Test
  void a_deleted_cluster_is_not_found_for_users() {
    Member edge = fleet.member("edge");
    fleet.server.clusters().delete(edge.id(), "ada");
    var commands = fleet.server.commands();
    assertCode(() -> commands.send(edge.id(), CommandRequest.PING, "ada"), ErrorCode.NOT_FOUND);
    assertCode(() -> fleet.server.clusters().delete(edge.id(), "ada"), ErrorCode.NOT_FOUND);
  }
}
