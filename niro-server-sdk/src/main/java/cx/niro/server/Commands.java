package cx.niro.server;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.RawJson;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.Page;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands to clusters and follows them. All calls may block and are safe from any thread.
 */
public interface Commands {
  /** How long a command may wait to be started, unless said otherwise. */
  Duration DEFAULT_DEADLINE = Duration.ofMinutes(5);

  /**
   * Stores a command durably and wakes the cluster's agent. A repeat with the same idempotency key
   * and the same content returns the command that is there.
   *
   * @throws cx.niro.core.InvalidRequestException {@code capability_missing}, {@code
   *     too_many_commands}, {@code idempotency_conflict}, {@code invalid_field} or {@code
   *     not_found}
   */
  CommandRow send(ClusterId cluster, CommandRequest request, String actor);

  /** Without the payload's text, which may hold secrets. */
  Optional<CommandRow> find(ClusterId cluster, CommandId id);

  /** Newest first; of one kind, or of all when {@code kind} is null. Payloads are left out. */
  Page<CommandRow> list(ClusterId cluster, @Nullable String kind, Page.Request page);

  /** Cancels at once what is pending, asks the agent to stop what it holds; the row says which. */
  CommandRow cancel(ClusterId cluster, CommandId id, String actor);

  /**
   * Completes with the final row; at once when it is final already, exceptionally with {@code
   * not_found}. Completed on the server's executor. Cancel it when you wait no longer.
   */
  CompletionStage<CommandRow> whenFinished(ClusterId cluster, CommandId id);

  /**
   * What to send.
   *
   * @param deadline until when it must have been started; null for 5 minutes, at most 24 hours
   * @param orderKey commands with the same key run one after the other; null for no order
   */
  record CommandRequest(
      String kind,
      RawJson payload,
      @Nullable Duration deadline,
      @Nullable String idempotencyKey,
      @Nullable String orderKey) {
    /** A liveness check that the agent answers at once. */
    public static final CommandRequest PING =
        new CommandRequest("ping", RawJson.EMPTY, null, null, null);
  }
}
