package cx.niro.server.scenario;

import static cx.niro.server.scenario.LivenessTest.assertCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.EnrollReply;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.core.protocol.KeyRequest;
import cx.niro.core.protocol.PollReply;
import cx.niro.core.testkit.Snapshots;
import cx.niro.server.AgentGateway;
import cx.niro.server.Commands.CommandRequest;
import cx.niro.server.NiroServer;
import cx.niro.server.jdbc.JdbcStores;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.testkit.FakeAgent;
import cx.niro.server.testkit.RealPostgres;
import cx.niro.server.testkit.WithPostgres;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers over one PostgreSQL: agents are at the first, users at the second. */
@WithPostgres
class TwoServersTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private FleetFixture fleet;
  private NiroServer second;

  @BeforeEach
  void start() {
    fleet = new FleetFixture(JdbcStores.over(RealPostgres.emptied()));
    second = fleet.newServer();
    second.start();
  }

  @AfterEach
  void end() {
    second.close();
    fleet.server.close();
  }

  @Test
  void a_command_sent_at_one_reaches_the_poll_parked_at_the_other_and_its_result_comes_back() {
    Member edge = fleet.member("edge");
    CompletableFuture<PollReply> poll = edge.agent().poll();
    assertThat(poll).isNotDone();

    CommandRow sent = second.commands().send(edge.id(), CommandRequest.PING, "ada");
    CompletionStage<CommandRow> finished = second.commands().whenFinished(edge.id(), sent.id());
    fleet.pass(SECOND);
    assertThat(poll.join().commands()).extracting(CommandOffer::id).containsExactly(sent.id());

    edge.agent().result(sent.id(), CommandState.SUCCEEDED);
    fleet.pass(SECOND);
    assertThat(finished.toCompletableFuture().join().state()).isEqualTo(CommandState.SUCCEEDED);
  }

  @Test
  void a_cluster_deleted_at_one_ends_the_poll_parked_at_the_other() {
    Member edge = fleet.member("edge");
    CompletableFuture<PollReply> poll = edge.agent().poll();

    second.clusters().delete(edge.id(), "ada");
    fleet.pass(SECOND);

    assertThat(poll).isCompletedExceptionally();
  }

  @Test
  void a_key_that_was_replaced_at_one_is_refused_at_the_other_within_a_second() {
    Member edge = fleet.member("edge");
    AgentGateway first = fleet.server.gateway();
    AgentGateway other = second.gateway();
    String old = edge.agent().key();
    assertThat(other.authenticate(old).cluster()).isEqualTo(edge.id());
    KeyRequest request = new KeyRequest(edge.agent().bootId(), FakeAgent.requestId("rotate"));
    String lost = first.newKey(first.authenticate(old), request).agentKey();
    String next = other.newKey(other.authenticate(old), request).agentKey();

    first.authenticate(next);
    fleet.pass(SECOND);
    assertCode(() -> other.authenticate(old), ErrorCode.KEY_REVOKED);
    assertCode(() -> other.authenticate(lost), ErrorCode.KEY_REVOKED);
    assertThat(other.authenticate(next).cluster()).isEqualTo(edge.id());
    assertThat(fleet.kinds(edge.id())).containsOnlyOnce("key_replaced");
  }

  @Test
  void a_token_used_at_one_is_used_at_the_other() {
    var made = fleet.create("edge");
    fleet.agent().enroll(made.enrollment().token());

    assertThat(second.fleet().cluster(made.id())).isPresent();
    assertThat(second.commands().send(made.id(), CommandRequest.PING, "ada").state())
        .isEqualTo(CommandState.PENDING);
  }

  @Test
  void whoever_hears_first_that_a_cluster_is_gone_ends_its_parked_poll() {
    Member edge = fleet.member("edge");
    CompletableFuture<PollReply> poll = edge.agent().poll();

    second.clusters().delete(edge.id(), "ada");
    edge.agent().sees(Snapshots.seeded(9).cluster(2, 3));
    assertThatThrownBy(() -> edge.agent().beat()).hasMessageContaining("revoked");
    fleet.pass(Duration.ofMillis(1));

    assertThat(poll).isCompletedExceptionally();
  }

  @Test
  void one_exchange_that_arrives_at_both_at_once_gets_a_key_from_each() {
    for (int i = 0; i < 10; i++) {
      EnrollRequest request =
          new EnrollRequest(
              fleet.create("edge-" + i).enrollment().token(),
              "request-0123456789abcdef-" + i,
              "uid-" + i,
              "v1.34.1+k3s1",
              "k3s",
              "0.1.0",
              List.of(1),
              List.of());
      CompletableFuture<EnrollReply> other =
          CompletableFuture.supplyAsync(() -> second.gateway().enroll(request));
      EnrollReply one = fleet.server.gateway().enroll(request);

      assertThat(one.agentKey()).isNotEqualTo(other.join().agentKey());
    }
  }
}
