package cx.niro.agent.internal;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.AgentOptions;
import cx.niro.agent.AgentResources;
import cx.niro.agent.spi.CommandContext;
import cx.niro.agent.spi.CommandHandler;
import cx.niro.agent.spi.CommandOutcome;
import cx.niro.agent.testkit.Trouble;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.HeldCommand;
import cx.niro.core.protocol.Protocol;
import cx.niro.core.protocol.RawJson;
import cx.niro.core.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CommandTest {
  private final StepAgent step = new StepAgent();
  private final List<CommandContext> ran = new ArrayList<>();

  @Test
  void a_ping_is_answered_at_once_and_the_next_poll_confirms_it() {
    step.start();
    CommandId ping = step.cluster.offer("ping", "{}");
    step.time.runDue();

    assertThat(result(ping).state()).isEqualTo(CommandState.SUCCEEDED);
    assertThat(result(ping).output()).isNotNull();
    assertThat(step.heard).contains("ping SUCCEEDED");
    assertThat(step.cluster.polls()).hasSize(2);
    assertThat(step.cluster.polls().get(1).holding()).extracting(HeldCommand::id).isSubsetOf(ping);
  }

  @Test
  void a_handler_gets_the_payload_and_its_outcome_is_reported() {
    step.start(
        handling(
            context ->
                CommandOutcome.succeeded(
                    new RawJson("{\"echo\":" + context.payload().text() + "}"))));
    CommandId id = step.cluster.offer("acme.echo", "{\"a\":1}");
    step.time.runDue();

    assertThat(result(id).output()).isEqualTo(new RawJson("{\"echo\":{\"a\":1}}"));
    assertThat(step.cluster.snapshot().info().capabilities().has("acme.echo")).isTrue();
  }

  @Test
  void an_unknown_kind_is_rejected_with_a_reason() {
    step.start();
    CommandId id = step.cluster.offer("acme.dance", "{}");
    step.time.runDue();

    assertThat(result(id).state()).isEqualTo(CommandState.REJECTED);
    assertThat(result(id).reason())
        .isEqualTo("this agent has no handler for commands of kind 'acme.dance'");
  }

  @Test
  void a_handler_that_throws_ends_the_command_as_failed() {
    step.start(
        handling(
            context -> {
              throw new IllegalStateException("valve stuck");
            }));
    CommandId id = step.cluster.offer("acme.echo", "{}");
    step.time.runDue();

    assertThat(result(id).state()).isEqualTo(CommandState.FAILED);
    assertThat(result(id).reason()).isEqualTo("IllegalStateException: valve stuck");
  }

  @Test
  void an_output_over_the_limit_or_broken_ends_as_failed_and_says_why() {
    RawJson[] output = {new RawJson("\"" + "x".repeat(1024 * 1024) + "\"")};
    step.start(handling(context -> CommandOutcome.succeeded(output[0])));
    CommandId large = step.cluster.offer("acme.echo", "{}");
    step.time.runDue();
    output[0] = new RawJson("{broken");
    CommandId broken = step.cluster.offer("acme.echo", "{}");
    step.time.runDue();

    assertThat(result(large).state()).isEqualTo(CommandState.FAILED);
    assertThat(result(large).reason()).startsWith("the result is too large: ");
    assertThat(result(broken).state()).isEqualTo(CommandState.FAILED);
    assertThat(result(broken).reason()).startsWith("the handler's output is not one JSON value: ");
  }

  @Test
  void a_command_is_not_started_after_its_deadline() {
    step.start(handling(context -> CommandOutcome.succeeded()));
    CommandId id = new CommandId("late");
    step.cluster.offer(new CommandOffer(id, "acme.echo", RawJson.EMPTY, 1, 0L, null));
    step.time.runDue();

    assertThat(result(id).state()).isEqualTo(CommandState.EXPIRED);
    assertThat(ran).isEmpty();
  }

  @Test
  void a_repeated_offer_is_answered_from_memory_and_not_carried_out_again() {
    step.start(handling(context -> CommandOutcome.succeeded()));
    CommandId id = step.cluster.offer("acme.echo", "{}");
    step.time.runDue();
    int sent = step.transport.calls(Protocol.resultRoute(id)).size();

    step.cluster.offer(new CommandOffer(id, "acme.echo", RawJson.EMPTY, 2, 300L, null));
    step.time.runDue();

    assertThat(ran).hasSize(1);
    assertThat(step.transport.calls(Protocol.resultRoute(id))).hasSize(sent + 1);
  }

  @Test
  void a_result_is_sent_again_until_the_answer_is_final() {
    step.start();
    CommandId first = new CommandId("first");
    String route = Protocol.resultRoute(first);
    step.server.next(route, Trouble.refuse(ErrorCode.OVERLOADED));
    step.server.next(route, Trouble.loseAnswer());
    step.server.next(route, Trouble.loseRequest());
    offer(first);
    step.seconds(60);

    assertThat(step.transport.calls(route)).hasSize(4);
    assertThat(lastHolding()).isEmpty();

    CommandId second = new CommandId("second");
    step.server.next(Protocol.resultRoute(second), Trouble.refuse(ErrorCode.COMMAND_FINISHED));
    offer(second);
    step.seconds(60);
    assertThat(step.transport.calls(Protocol.resultRoute(second))).hasSize(1);
  }

  @Test
  void results_are_held_and_listed_until_the_server_has_them() {
    step.start();
    CommandId id = new CommandId("first");
    for (int i = 0; i < 20; i++) {
      step.server.next(Protocol.resultRoute(id), Trouble.loseRequest());
    }
    offer(id);
    step.seconds(75);

    assertThat(lastHolding()).containsExactly(new HeldCommand(id, CommandState.SUCCEEDED, 1));
  }

  @Test
  void a_running_command_hears_that_it_is_cancelled() throws InterruptedException {
    List<String> told = new ArrayList<>();
    step.start(
        handling(
            context -> {
              context.onCancel(() -> told.add("told"));
              step.cluster.cancel(context.id());
              step.time.runDue();
              if (context.isCancelled()) {
                throw new IllegalStateException("gave up");
              }
              return CommandOutcome.succeeded();
            }));
    CommandId id = step.cluster.offer("acme.echo", "{}");
    step.time.runDue();

    assertThat(told).containsExactly("told");
    assertThat(result(id).state()).isEqualTo(CommandState.CANCELLED);
    assertThat(result(id).reason()).isEqualTo("stopped by IllegalStateException: gave up");
  }

  @Test
  void a_command_that_waits_for_a_worker_is_cancelled_before_it_starts() {
    ManualTime busy = ManualTime.create();
    step.resources =
        AgentResources.builder()
            .heartbeats(step.steps)
            .commands(step.steps)
            .workers(busy.newExecutor())
            .network(step.steps)
            .instants(step.time)
            .nanos(step.time.nanos())
            .build();
    step.start(handling(context -> CommandOutcome.succeeded()));
    CommandId id = step.cluster.offer("acme.echo", "{}");
    step.time.runDue();
    step.cluster.cancel(id);
    step.time.runDue();
    busy.runDue();

    assertThat(result(id).state()).isEqualTo(CommandState.CANCELLED);
    assertThat(ran).isEmpty();
  }

  @Test
  void a_command_is_begun_or_cancelled_before_it_starts_and_never_both() {
    CommandOffer offer =
        new CommandOffer(new CommandId("one"), "acme.echo", RawJson.EMPTY, 1, 300L, null);
    RunningCommand begun = new RunningCommand(offer, step.time.nanos());
    assertThat(begun.begin()).isTrue();
    assertThat(begun.cancel()).as("never began").isFalse();
    assertThat(Thread.interrupted()).as("the handler is interrupted").isTrue();

    RunningCommand cancelled = new RunningCommand(offer, step.time.nanos());
    assertThat(cancelled.cancel()).as("never began").isTrue();
    assertThat(cancelled.begin()).isFalse();
  }

  @Test
  void no_more_commands_are_asked_for_than_there_are_slots() {
    ManualTime busy = ManualTime.create();
    step.resources =
        AgentResources.builder()
            .heartbeats(step.steps)
            .commands(step.steps)
            .workers(busy.newExecutor())
            .network(step.steps)
            .instants(step.time)
            .nanos(step.time.nanos())
            .build();
    step.start(handling(context -> CommandOutcome.succeeded()).workers(2));
    for (int i = 0; i < 3; i++) {
      step.cluster.offer("acme.echo", "{}");
    }
    step.time.runDue();

    assertThat(lastPollSlots()).isZero();
    assertThat(lastHolding()).hasSize(2);

    busy.runDue();
    step.time.runDue();
    assertThat(lastPollSlots()).as("a freed slot is offered at once").isPositive();
    busy.runDue();
    step.time.runDue();
    assertThat(ran).hasSize(3);
  }

  @Test
  void results_wait_while_no_key_works_and_go_out_with_the_next_one() {
    step.start(handling(context -> CommandOutcome.succeeded()));
    CommandId id = new CommandId("first");
    step.server.next(Protocol.resultRoute(id), Trouble.refuse(ErrorCode.KEY_UNKNOWN));
    step.server.next(Protocol.HEARTBEAT, Trouble.refuse(ErrorCode.KEY_UNKNOWN));
    step.cluster.offer(new CommandOffer(id, "acme.echo", RawJson.EMPTY, 1, 300L, null));
    step.seconds(20);
    assertThat(step.cluster.result(id)).isEmpty();
    assertThat(step.heard).contains("key refused key_unknown");

    step.after(Duration.ofMinutes(17));

    assertThat(result(id).state()).isEqualTo(CommandState.SUCCEEDED);
  }

  @Test
  void one_refused_call_is_checked_by_a_beat_before_the_key_is_given_up() {
    step.start();
    CommandId id = new CommandId("first");
    step.server.next(Protocol.resultRoute(id), Trouble.refuse(ErrorCode.KEY_UNKNOWN));
    offer(id);
    step.time.runDue();

    assertThat(result(id).state()).isEqualTo(CommandState.SUCCEEDED);
    assertThat(step.beats()).hasSize(2);
    assertThat(step.heard).doesNotContain("key refused key_unknown");
  }

  @Test
  void polls_that_are_always_refused_while_beats_are_not_do_not_make_the_agent_spin() {
    step.start();
    for (int i = 0; i < 1_000; i++) {
      step.server.next(Protocol.POLL, Trouble.refuse(ErrorCode.KEY_UNKNOWN));
    }
    step.cluster.releasePoll();
    step.seconds(150);

    assertThat(step.beats().size()).isLessThan(30);
  }

  @Test
  void a_server_that_answers_polls_at_once_with_nothing_is_not_asked_at_full_speed() {
    step.cluster.settings(new cx.niro.core.protocol.AgentSettings(null, 30, null));
    step.start();
    for (int i = 0; i < 100; i++) {
      step.cluster.releasePoll();
      step.after(Duration.ofMillis(100));
    }

    assertThat(step.cluster.polls().size()).isLessThan(15);
  }

  private AgentOptions.Builder handling(Function<CommandContext, CommandOutcome> work) {
    return step.options()
        .commandHandler(
            new CommandHandler() {
              @Override
              public String kind() {
                return "acme.echo";
              }

              @Override
              public CommandOutcome handle(CommandContext context) {
                ran.add(context);
                return work.apply(context);
              }
            });
  }

  private void offer(CommandId id) {
    step.cluster.offer(new CommandOffer(id, "ping", RawJson.EMPTY, 1, 300L, null));
  }

  private CommandResult result(CommandId id) {
    return step.cluster.result(id).orElseThrow();
  }

  private List<HeldCommand> lastHolding() {
    return step.cluster.polls().get(step.cluster.polls().size() - 1).holding();
  }

  private int lastPollSlots() {
    return step.cluster.polls().get(step.cluster.polls().size() - 1).slots();
  }
}
