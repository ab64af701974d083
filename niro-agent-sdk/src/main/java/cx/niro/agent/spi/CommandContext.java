package cx.niro.agent.spi;

import cx.niro.core.CommandId;
import cx.niro.core.protocol.RawJson;
import java.time.Duration;
import java.util.Optional;

/** One command in the hands of a {@link CommandHandler}. Safe for use by any thread. */
public interface CommandContext {
  CommandId id();

  String kind();

  /** What the sender attached; well-formed JSON, {@code {}} when nothing was. */
  RawJson payload();

  /** 1 for the first delivery. */
  int attempt();

  /** How long until the deadline, zero once it has passed; empty without a deadline. */
  Optional<Duration> remaining();

  /** Whether somebody asked to stop. */
  boolean isCancelled();

  /**
   * Runs {@code action} once when cancelling is asked for, at once if it already was; on a thread
   * of the agent, so it must not block.
   */
  void onCancel(Runnable action);
}
