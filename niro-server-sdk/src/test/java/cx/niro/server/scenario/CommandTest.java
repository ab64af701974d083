package cx.niro.server.scenario;

import static cx.niro.server.scenario.LivenessTest.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.PollReply;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.Commands;
import cx.niro.server.Commands.CommandRequest;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.Page;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommandTest {
  private static final String REBOOT = "acme.reboot";

  private final FleetFixture fleet = new FleetFixture();
  private final Commands commands = fleet.server.commands();
  private final Member edge = fleet.member("edge");
  private final FakeAgent agent = edge.agent();

  @BeforeEach
  void grant() {
    agent.granted("apply", REBOOT).beat();
  }

  private CommandRow send(String kind) {
    return commands.send(edge.id(), request(kind, null), "ada");
  }

  private static CommandRequest request(String kind, @Nullable String orderKey) {
    return new CommandRequest(kind, new RawJson("{\"a\":1}"), null, null, orderKey);
  }

  private CommandRow row(CommandRow row) {
    return commands.find(edge.id(), row.id()).orElseThrow();
  }

  private static List<CommandId> ids(PollReply reply) {
    return reply.commands().stream().map(CommandOffer::id).toList();
  }

  private PollReply pollNow() {
    return agent.poll(0, 4).join();
  }

  @Test
  void a_command_goes_from_pending_over_offered_delivered_and_running_to_succeeded() {
    CommandRow sent = send("ping");
    assertThat(sent.state()).isEqualTo(CommandState.PENDING);

    assertThat(ids(pollNow())).containsExactly(sent.id());
    assertThat(row(sent).state()).isEqualTo(CommandState.OFFERED);

    agent.holds(sent.id(), CommandState.DELIVERED, 1).poll();
    assertThat(row(sent).state()).isEqualTo(CommandState.DELIVERED);

    agent.result(sent.id(), CommandState.RUNNING);
    assertThat(row(sent).state()).isEqualTo(CommandState.RUNNING);

    var finished = commands.whenFinished(edge.id(), sent.id()).toCompletableFuture();
    RawJson output = new RawJson("{\"pong\":true}");
    var reply = agent.result(sent.id(), 1, CommandState.SUCCEEDED, output);
    fleet.time.runDue();

    assertThat(reply.state()).isEqualTo(CommandState.SUCCEEDED);
    assertThat(finished.join().output()).isEqualTo(output);
    assertThat(row(sent).reason()).isNotBlank();
    assertThat(fleet.kinds(edge.id())).startsWith("command_finished", "command_sent");
  }

  @Test
  void sending_wakes_the_parked_poll() {
    CompletableFuture<PollReply> poll = agent.poll();
    fleet.pass(Duration.ofSeconds(3));
    assertThat(poll).isNotDone();

    CommandRow sent = send("ping");
    fleet.time.runDue();

    assertThat(ids(poll.join())).containsExactly(sent.id());
    assertThat(poll.join().commands().get(0).remainingSeconds()).isEqualTo(300);
  }

  @Test
  void a_poll_parks_50_s_or_as_long_as_it_asks_for_and_at_most_55() {
    CompletableFuture<PollReply> usual = agent.poll();
    fleet.pass(Duration.ofMillis(49_900));
    assertThat(usual).isNotDone();
    fleet.pass(Duration.ofMillis(200));
    assertThat(usual.join().commands()).isEmpty();

    CompletableFuture<PollReply> greedy = agent.poll(1000, 4);
    fleet.pass(Duration.ofMillis(54_900));
    assertThat(greedy).isNotDone();
    fleet.pass(Duration.ofMillis(200));
    assertThat(greedy).isDone();
  }

  @Test
  void a_newer_poll_of_the_same_process_replaces_the_older_one() {
    CompletableFuture<PollReply> older = agent.poll();
    CompletableFuture<PollReply> newer = agent.poll();
    fleet.time.runDue();
    assertThat(older).isCompletedWithValueMatching(reply -> reply.commands().isEmpty());

    CommandRow sent = send("ping");
    fleet.time.runDue();
    assertThat(ids(newer.join())).containsExactly(sent.id());
  }

  @Test
  void a_new_process_ends_the_poll_of_the_old_one() {
    FakeAgent old = agent.copy();
    CompletableFuture<PollReply> parked = old.poll();
    agent.restart().beat();
    fleet.time.runDue();
    assertThat(parked).isCompletedExceptionally();
    CommandRow sent = send("ping");
    assertThat(ids(pollNow())).containsExactly(sent.id());
  }

  @Test
  void never_more_commands_than_slots() {
    for (int i = 0; i < 6; i++) {
      send("ping");
    }
    assertThat(agent.poll(0, 0).join().commands()).isEmpty();
    assertThat(agent.poll(0, 2).join().commands()).hasSize(2);
  }

  @Test
  void an_offer_that_got_lost_is_offered_again_3_times_in_all_and_then_failed() {
    CommandRow sent = send(REBOOT);
    for (int attempt = 1; attempt <= 3; attempt++) {
      CommandOffer offer = pollNow().commands().get(0);
      assertThat(offer.attempt()).isEqualTo(attempt);
    }
    assertThat(pollNow().commands()).isEmpty();
    assertThat(row(sent).state()).isEqualTo(CommandState.FAILED);
    assertThat(row(sent).reason()).startsWith("agent_lost: ");
  }

  @Test
  void what_the_agent_holds_is_not_offered_again() {
    CommandRow sent = send(REBOOT);
    pollNow();
    agent.holds(sent.id(), CommandState.RUNNING, 1);
    for (int i = 0; i < 20; i++) {
      assertThat(pollNow().commands()).isEmpty();
      fleet.pass(Duration.ofSeconds(30));
      agent.beat();
    }
    assertThat(row(sent).state()).isEqualTo(CommandState.RUNNING);
    assertThat(row(sent).attempt()).isEqualTo(1);
  }

  @Test
  void only_a_pending_command_is_cancelled_at_once() {
    CommandRow pending = send("ping");
    assertThat(commands.cancel(edge.id(), pending.id(), "ada").state())
        .isEqualTo(CommandState.CANCELLED);
    assertThat(row(pending).reason()).contains("ada");

    CommandRow held = send(REBOOT);
    pollNow();
    agent.holds(held.id(), CommandState.RUNNING, 1);
    CommandRow asked = commands.cancel(edge.id(), held.id(), "ada");
    assertThat(asked.state()).isEqualTo(CommandState.OFFERED);
    assertThat(asked.cancelRequested()).isTrue();
    assertThat(pollNow().cancel()).containsExactly(held.id());

    agent.result(held.id(), CommandState.CANCELLED);
    assertThat(row(held).state()).isEqualTo(CommandState.CANCELLED);
    assertCode(() -> commands.cancel(edge.id(), held.id(), "ada"), ErrorCode.COMMAND_FINISHED);
  }

  @Test
  void a_cancellation_wakes_the_poll_and_is_not_told_in_a_loop() {
    CommandRow sent = send(REBOOT);
    pollNow();
    CompletableFuture<PollReply> poll = agent.holds(sent.id(), CommandState.RUNNING, 1).poll();
    commands.cancel(edge.id(), sent.id(), "ada");
    fleet.time.runDue();
    assertThat(poll.join().cancel()).containsExactly(sent.id());

    assertThat(agent.poll()).isNotDone();
  }

  @Test
  void a_cancelled_offer_that_never_arrived_is_cancelled_by_the_next_poll() {
    CommandRow sent = send(REBOOT);
    pollNow();
    commands.cancel(edge.id(), sent.id(), "ada");
    assertThat(pollNow().commands()).isEmpty();
    assertThat(row(sent).state()).isEqualTo(CommandState.CANCELLED);
  }

  @Test
  void a_command_that_nobody_took_expires_at_its_deadline() {
    var request = new CommandRequest("ping", RawJson.EMPTY, Duration.ofSeconds(40), null, null);
    CommandRow sent = commands.send(edge.id(), request, "ada");
    fleet.pass(Duration.ofSeconds(42));
    assertThat(row(sent).state()).isEqualTo(CommandState.EXPIRED);
  }

  @Test
  void an_offered_command_whose_agent_is_gone_ends_as_outcome_unknown_after_the_deadline() {
    CommandRow sent = send(REBOOT);
    pollNow();
    fleet.pass(Duration.ofSeconds(290));
    assertThat(row(sent).state()).isEqualTo(CommandState.OFFERED);
    fleet.pass(Duration.ofSeconds(12));
    assertThat(row(sent).state()).isEqualTo(CommandState.FAILED);
    assertThat(row(sent).reason()).startsWith("outcome_unknown: ");
  }

  @Test
  void a_running_command_may_outlive_its_deadline_which_is_for_the_start() {
    CommandRow sent = send(REBOOT);
    pollNow();
    agent.holds(sent.id(), CommandState.RUNNING, 1);
    for (int i = 0; i < 20; i++) {
      pollNow();
      fleet.pass(Duration.ofSeconds(30));
    }
    agent.result(sent.id(), CommandState.SUCCEEDED);
    assertThat(row(sent).state()).isEqualTo(CommandState.SUCCEEDED);
  }

  @Test
  void a_new_process_gets_idempotent_kinds_again_and_others_end_as_outcome_unknown() {
    CommandRow apply = send("apply");
    CommandRow reboot = send(REBOOT);
    assertThat(ids(pollNow())).containsExactly(apply.id(), reboot.id());

    agent.restart().granted("apply", REBOOT).beat();
    CompletableFuture<PollReply> poll = agent.poll(55, 4);
    assertThat(poll).isNotDone();
    fleet.pass(Duration.ofSeconds(32));

    assertThat(ids(poll.join())).containsExactly(apply.id());
    assertThat(poll.join().commands().get(0).attempt()).isEqualTo(2);
    assertThat(row(reboot).state()).isEqualTo(CommandState.FAILED);
    assertThat(row(reboot).reason()).startsWith("outcome_unknown: ");
  }

  @Test
  void a_superseded_process_may_still_report_what_it_holds() {
    CommandRow sent = send(REBOOT);
    pollNow();
    FakeAgent old = agent.copy();
    agent.restart().beat();
    fleet.pass(Duration.ofSeconds(10));

    assertThat(old.result(sent.id(), CommandState.SUCCEEDED).state())
        .isEqualTo(CommandState.SUCCEEDED);
  }

  @Test
  void a_late_result_changes_nothing_and_is_kept() {
    CommandRow sent = send(REBOOT);
    pollNow();
    pollNow();
    pollNow();
    pollNow();
    assertThat(row(sent).state()).isEqualTo(CommandState.FAILED);

    var reply = agent.result(sent.id(), 3, CommandState.SUCCEEDED, new RawJson("{\"n\":1}"));

    assertThat(reply.state()).isEqualTo(CommandState.FAILED);
    assertThat(row(sent).state()).isEqualTo(CommandState.FAILED);
    assertThat(row(sent).lateResult())
        .isEqualTo(new RawJson("{\"state\":\"succeeded\",\"output\":{\"n\":1}}"));
  }

  @Test
  void a_repeated_result_changes_nothing_and_is_confirmed() {
    CommandRow sent = send("ping");
    pollNow();
    agent.result(sent.id(), CommandState.SUCCEEDED);
    CommandRow first = row(sent);
    fleet.pass(Duration.ofSeconds(5));
    agent.result(sent.id(), CommandState.SUCCEEDED);
    assertThat(row(sent)).isEqualTo(first);

    PollReply reply = agent.holds(sent.id(), CommandState.SUCCEEDED, 1).poll().join();
    assertThat(reply.confirmed()).containsExactly(sent.id());
  }

  @Test
  void a_result_that_makes_no_sense_is_refused_for_good() {
    CommandRow sent = send("ping");
    assertCode(() -> agent.result(sent.id(), CommandState.SUCCEEDED), ErrorCode.INVALID_FIELD);
    pollNow();
    assertCode(
        () -> agent.result(sent.id(), 7, CommandState.SUCCEEDED, null), ErrorCode.INVALID_FIELD);
    assertCode(() -> agent.result(sent.id(), CommandState.OFFERED), ErrorCode.INVALID_FIELD);
    assertCode(
        () -> agent.result(new CommandId("nobody"), CommandState.SUCCEEDED), ErrorCode.NOT_FOUND);
  }

  @Test
  void no_agent_reaches_the_command_of_another_cluster() {
    Member other = fleet.member("other");
    CommandRow sent = send("ping");
    pollNow();
    assertCode(() -> other.agent().result(sent.id(), CommandState.SUCCEEDED), ErrorCode.NOT_FOUND);
    assertThat(commands.find(other.id(), sent.id())).isEmpty();
  }

  @Test
  void one_command_of_an_order_key_is_out_at_a_time() {
    CommandRow first = commands.send(edge.id(), request(REBOOT, "shop"), "ada");
    CommandRow second = commands.send(edge.id(), request(REBOOT, "shop"), "ada");
    CommandRow other = commands.send(edge.id(), request(REBOOT, "mail"), "ada");
    assertThat(ids(pollNow())).containsExactly(first.id(), other.id());

    agent.holds(first.id(), CommandState.RUNNING, 1);
    CompletableFuture<PollReply> poll = agent.holds(other.id(), CommandState.RUNNING, 1).poll();
    assertThat(poll).isNotDone();
    agent.result(first.id(), CommandState.SUCCEEDED);
    fleet.time.runDue();
    assertThat(ids(poll.join())).containsExactly(second.id());
  }

  @Test
  void a_kind_needs_its_capability_at_the_moment_it_is_sent() {
    agent.granted().beat();
    assertCode(() -> send("apply"), ErrorCode.CAPABILITY_MISSING);
    assertCode(() -> send(REBOOT), ErrorCode.CAPABILITY_MISSING);
    assertCode(() -> send("format c:"), ErrorCode.INVALID_FIELD);
    assertThat(send("ping").state()).isEqualTo(CommandState.PENDING);
  }

  @Test
  void at_most_100_commands_are_open() {
    for (int i = 0; i < 100; i++) {
      send("ping");
    }
    assertCode(() -> send("ping"), ErrorCode.TOO_MANY_COMMANDS);
    pollNow();
    agent.result(
        commands.list(edge.id(), null, new Page.Request(null, 1000)).items().get(99).id(),
        CommandState.SUCCEEDED);
    send("ping");
  }

  @Test
  void an_idempotency_key_returns_the_command_that_is_there_even_after_its_end() {
    var request = new CommandRequest("ping", new RawJson("{\"n\":1}"), null, "key-1", null);
    CommandRow first = commands.send(edge.id(), request, "ada");
    assertThat(commands.send(edge.id(), request, "ada").id()).isEqualTo(first.id());
    pollNow();
    agent.result(first.id(), CommandState.SUCCEEDED);
    assertThat(commands.send(edge.id(), request, "ada").id()).isEqualTo(first.id());

    var different = new CommandRequest("ping", new RawJson("{\"n\":2}"), null, "key-1", null);
    assertCode(() -> commands.send(edge.id(), different, "ada"), ErrorCode.IDEMPOTENCY_CONFLICT);
  }

  @Test
  void a_payload_that_no_agent_could_read_within_an_answer_is_refused() {
    RawJson deep = new RawJson("{\"a[\\\"\":" + "[".repeat(55) + "]".repeat(55) + "}");
    RawJson deeper = new RawJson("[" + deep.text() + "]");
    commands.send(edge.id(), new CommandRequest(REBOOT, deep, null, null, null), "ada");
    assertCode(
        () -> commands.send(edge.id(), new CommandRequest(REBOOT, deeper, null, null, null), "ada"),
        ErrorCode.INVALID_FIELD);
  }

  @Test
  void the_payload_of_a_finished_command_is_erased() {
    CommandRow sent = send("ping");
    pollNow();
    agent.result(sent.id(), CommandState.SUCCEEDED);
    assertThat(row(sent).request().payload().text()).isNull();
    assertThat(row(sent).request().payload().sha256()).isEqualTo(sent.request().payload().sha256());
  }

  @Test
  void commands_survive_a_restart_of_the_server() {
    CommandRow sent = send("ping");
    fleet.crashAndRestart(Duration.ofSeconds(10));
    FakeAgent after = fleet.agentAfterRestart(agent);
    assertThat(ids(after.poll(0, 4).join())).containsExactly(sent.id());
  }

  @Test
  void a_draining_server_lets_every_poll_go_with_a_time_to_come_back() {
    CompletableFuture<PollReply> poll = agent.poll();
    var drained = fleet.server.drain().toCompletableFuture();
    fleet.pass(Duration.ofSeconds(6));
    assertThat(drained).isDone();
    assertThat(poll.join().notBeforeMillis()).isBetween(1000L, 6000L);
    assertThat(agent.poll().join().notBeforeMillis()).isNotNull();
    agent.beat();
    fleet.server.close();
    assertCode(agent::beat, ErrorCode.STARTING_OR_STOPPING);
    fleet.server.close();
  }
}
