package cx.niro.agent.internal;

import cx.niro.agent.CallFailure;
import cx.niro.agent.internal.Transport.Call;
import cx.niro.agent.spi.CommandHandler;
import cx.niro.agent.spi.CommandOutcome;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.HeldCommand;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.LogRequest;
import cx.niro.core.protocol.PollReply;
import cx.niro.core.protocol.PollRequest;
import cx.niro.core.protocol.Protocol;
import cx.niro.core.protocol.RawJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one poll parked at the server, hands what comes to the handlers and their outcomes to
 * {@link Results}. Everything here is confined to the command lane; {@link #resume} and {@link
 * #stopTaking} only queue.
 */
final class CommandLoop {
  private static final Logger log = LoggerFactory.getLogger(CommandLoop.class);

  /** How much longer than the agreed wait a poll's answer may take. */
  private static final Duration POLL_GRACE = Duration.ofSeconds(15);

  /** Empty answers that come faster than this are not asked for at full speed. */
  private static final Duration QUICK = Duration.ofSeconds(1);

  private static final int QUICK_ALLOWED = 3;

  private final Parts parts;
  private final Lane lane;
  private final Map<String, CommandHandler> handlers = new HashMap<>();
  private final Map<CommandId, RunningCommand> running = new LinkedHashMap<>();
  private final Map<CommandId, CommandState> states = new HashMap<>();
  private final FinishedCommands finished = new FinishedCommands();
  private final Results results;
  private final LogStreams streams;
  private final Consumer<String> onUnauthorized;

  private boolean taking;
  private Pacing pacing = Pacing.DEFAULT;
  private long polls;
  private boolean parked;
  private int parkedSlots;
  private int failures;
  private int quickAnswers;
  private Lane.@Nullable Timer timer;

  CommandLoop(Parts parts, Lane lane, Consumer<String> onUnauthorized) {
    this.parts = parts;
    this.lane = lane;
    this.onUnauthorized = onUnauthorized;
    results = new Results(parts, lane, this::unauthorized, this::slotFreed);
    streams = new LogStreams(parts, lane);
    handlers.put(PingHandler.KIND, new PingHandler(parts.resources().instants()));
    parts.options().commandHandlers().forEach(own -> handlers.put(own.kind(), own));
  }

  /** A beat was accepted: polls go on; from any thread. */
  void resume(Pacing current) {
    lane.execute(
        () -> {
          pacing = current;
          if (!taking) {
            taking = true;
            results.resume();
            poll();
          }
        });
  }

  /**
   * Takes nothing new until {@link #resume}, but goes on reporting what it holds; from any thread.
   */
  void stopTaking() {
    lane.execute(() -> taking = false);
  }

  /**
   * Ends every stream, asks every handler to stop and gives those that run; the lane is closed by
   * now.
   */
  List<RunningCommand> cancelAll() {
    streams.stopAll();
    List<RunningCommand> all = List.copyOf(running.values());
    all.forEach(RunningCommand::cancel);
    return all;
  }

  private void poll() {
    String key = parts.keys().active();
    if (!taking || key == null) {
      return;
    }
    if (timer != null) {
      timer.cancel();
    }
    List<HeldCommand> holding = new ArrayList<>(results.held());
    running.forEach(
        (id, command) ->
            holding.add(
                new HeldCommand(
                    id, states.getOrDefault(id, CommandState.DELIVERED), command.attempt())));
    int most = Math.min(pacing.slots(), parts.options().workers());
    parkedSlots = Math.max(0, most - holding.size());
    PollRequest request =
        new PollRequest(parts.bootId(), (int) pacing.pollWait().toSeconds(), parkedSlots, holding);
    Call call =
        new Call(
            Protocol.POLL,
            parts.codec().encode(request),
            key,
            pacing.pollWait().plus(POLL_GRACE),
            true,
            Limits.POLL_REPLY_BYTES);
    parked = true;
    long number = ++polls;
    long since = parts.nanos();
    parts
        .exchanges()
        .send(
            lane,
            call,
            PollReply.class,
            reply -> answered(number, since, reply),
            failure -> failed(number, key, failure));
  }

  // A poll that was replaced may still bring commands; only the newest goes on polling.
  private void answered(long number, long since, PollReply reply) {
    failures = 0;
    reply.confirmed().forEach(results::settled);
    reply.cancel().forEach(this::cancel);
    reply.commands().forEach(this::take);
    if (number != polls) {
      return;
    }
    parked = false;
    boolean empty =
        reply.commands().isEmpty() && reply.cancel().isEmpty() && reply.confirmed().isEmpty();
    boolean quick = empty && parts.nanos() - since < QUICK.toNanos();
    quickAnswers = quick ? quickAnswers + 1 : 0;
    Long notBefore = reply.notBeforeMillis();
    if (notBefore != null && notBefore > 0) {
      after(Pacing.DEFAULT.nextBeat(0, pacing.interval(), Duration.ofMillis(notBefore)));
    } else if (quickAnswers > QUICK_ALLOWED) {
      after(BackOff.wait(quickAnswers - QUICK_ALLOWED, null, parts.drawn()));
    } else {
      poll();
    }
  }

  private void failed(long number, String key, CallFailure failure) {
    parts.listener().tell(listener -> listener.callFailed(failure));
    boolean refused = KeySteps.isRefusal(failure);
    if (refused) {
      unauthorized(key);
    }
    if (number != polls) {
      return;
    }
    parked = false;
    if (refused) {
      return;
    }
    if (failure.is(ErrorCode.BOOT_SUPERSEDED)) {
      taking = false;
      return;
    }
    failures++;
    if (failures == 1) {
      log.info("Polling for commands failed and is tried again: {}", failure);
    }
    after(BackOff.wait(failures, failure.retryAfter(), parts.drawn()));
  }

  /**
   * A key that was replaced in the meantime is no news; else the heartbeat loop looks for another.
   */
  private void unauthorized(String key) {
    if (key.equals(parts.keys().active())) {
      taking = false;
      onUnauthorized.accept(key);
    } else {
      lane.execute(results::resume);
      lane.execute(this::poll);
    }
  }

  private void after(Duration wait) {
    if (timer != null) {
      timer.cancel();
    }
    timer = lane.schedule(wait, this::poll);
  }

  /** A poll that offered no slots is replaced as soon as there is one. */
  private void slotFreed() {
    if (parked && parkedSlots == 0) {
      lane.execute(this::poll);
    }
  }

  private void cancel(CommandId id) {
    streams.stop(id);
    RunningCommand command = running.get(id);
    if (command != null && command.cancel()) {
      finish(command, CommandOutcome.cancelled("cancelled before it started"), null);
    }
  }

  private void take(CommandOffer offer) {
    CommandId id = offer.id();
    if (running.containsKey(id) || results.holds(id)) {
      return;
    }
    CommandResult before = finished.of(id);
    if (before != null) {
      results.add(id, withAttempt(before, offer.attempt()));
      return;
    }
    RunningCommand command = new RunningCommand(offer, parts.resources().nanos());
    CommandHandler handler = handlers.get(offer.kind());
    running.put(id, command);
    states.put(id, CommandState.DELIVERED);
    if (handler == null && offer.kind().equals(LogRequest.KIND)) {
      finish(command, streams.open(offer), parts.resources().instants().millis());
    } else if (handler == null) {
      String reason = "this agent has no handler for commands of kind '" + offer.kind() + "'";
      finish(command, CommandOutcome.rejected(reason), null);
    } else if (handler instanceof PingHandler) {
      start(command, handler);
    } else {
      submit(command, handler);
    }
  }

  private void submit(RunningCommand command, CommandHandler handler) {
    try {
      parts.resources().workers().execute(() -> start(command, handler));
    } catch (RejectedExecutionException e) {
      finish(command, CommandOutcome.failed("the agent's workers take no more commands"), null);
    }
  }

  // On a worker, but for ping.
  private void start(RunningCommand command, CommandHandler handler) {
    if (command.isOverdue()) {
      command.ended().countDown();
      lane.execute(() -> expire(command));
      return;
    }
    if (!command.begin()) {
      command.ended().countDown();
      return;
    }
    long startedAt = parts.resources().instants().millis();
    lane.execute(() -> states.replace(command.id(), CommandState.RUNNING));
    CommandOutcome outcome = command.run(handler);
    lane.execute(() -> finish(command, outcome, startedAt));
  }

  private void expire(RunningCommand command) {
    conclude(command, CommandState.EXPIRED, "its deadline passed before it started", null, null);
  }

  private void finish(RunningCommand command, CommandOutcome outcome, @Nullable Long startedAt) {
    conclude(command, outcome.state(), outcome.reason(), outcome.output(), startedAt);
  }

  private void conclude(
      RunningCommand command,
      CommandState state,
      @Nullable String reason,
      @Nullable RawJson output,
      @Nullable Long startedAt) {
    if (running.remove(command.id()) == null) {
      return;
    }
    states.remove(command.id());
    Long now = startedAt == null ? null : Long.valueOf(parts.resources().instants().millis());
    CommandResult result =
        checked(
            new CommandResult(
                parts.bootId(), command.attempt(), state, clip(reason), output, startedAt, now));
    finished.remember(command.id(), result);
    results.add(command.id(), result);
    parts
        .listener()
        .tell(
            listener ->
                listener.commandFinished(
                    command.id(), command.kind(), result.state(), result.reason()));
  }

  /** The result, or a failed one that says why it cannot be sent. */
  private CommandResult checked(CommandResult result) {
    RawJson output = result.output();
    if (output == null) {
      return result;
    }
    try {
      parts.codec().rawJson(output.text());
    } catch (DecodingException e) {
      return failed(result, "the handler's output is not one JSON value: " + e.getMessage());
    }
    int bytes = parts.codec().encode(result).length;
    return bytes <= Limits.RESULT_BYTES
        ? result
        : failed(
            result, "the result is too large: " + bytes + " bytes, allowed " + Limits.RESULT_BYTES);
  }

  private static CommandResult failed(CommandResult result, String reason) {
    return new CommandResult(
        result.bootId(),
        result.attempt(),
        CommandState.FAILED,
        clip(reason),
        null,
        result.startedAt(),
        result.finishedAt());
  }

  private static CommandResult withAttempt(CommandResult result, int attempt) {
    return new CommandResult(
        result.bootId(),
        attempt,
        result.state(),
        result.reason(),
        result.output(),
        result.startedAt(),
        result.finishedAt());
  }

  private static @Nullable String clip(@Nullable String reason) {
    return reason == null || reason.length() <= Limits.TEXT_CHARS
        ? reason
        : reason.substring(0, Limits.TEXT_CHARS - 1) + "…";
  }
}
