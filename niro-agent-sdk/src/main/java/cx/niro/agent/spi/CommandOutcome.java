package cx.niro.agent.spi;

import cx.niro.core.protocol.CommandState;
import cx.niro.core.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * How a command ended. The encoded result may have 1 MiB; a larger one is reported as failed.
 *
 * @param state {@code SUCCEEDED}, {@code FAILED}, {@code REJECTED} or {@code CANCELLED}
 * @param reason for people; needed for everything but success
 * @param output whatever the kind defines
 */
public record CommandOutcome(
    CommandState state, @Nullable String reason, @Nullable RawJson output) {

  public CommandOutcome {
    if (!state.isFinal() || state == CommandState.EXPIRED) {
      throw new IllegalArgumentException(
          "state must be SUCCEEDED, FAILED, REJECTED or CANCELLED, but was " + state);
    }
    if (state != CommandState.SUCCEEDED && (reason == null || reason.isBlank())) {
      throw new IllegalArgumentException("reason must be given for state " + state);
    }
  }

  /** Done, with nothing more to say. */
  public static CommandOutcome succeeded() {
    return new CommandOutcome(CommandState.SUCCEEDED, null, null);
  }

  /** Done; {@code output} is one JSON value. */
  public static CommandOutcome succeeded(RawJson output) {
    return new CommandOutcome(CommandState.SUCCEEDED, null, output);
  }

  /** Tried, without success. */
  public static CommandOutcome failed(String reason) {
    return new CommandOutcome(CommandState.FAILED, reason, null);
  }

  /** Not tried: the agent may not or cannot do this. */
  public static CommandOutcome rejected(String reason) {
    return new CommandOutcome(CommandState.REJECTED, reason, null);
  }

  /** Stopped because it was asked to. */
  public static CommandOutcome cancelled(String reason) {
    return new CommandOutcome(CommandState.CANCELLED, reason, null);
  }
}
