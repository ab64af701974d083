package cx.niro.server;

import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.EnrollReply;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.core.protocol.Goodbye;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeartbeatReply;
import cx.niro.core.protocol.KeyReply;
import cx.niro.core.protocol.KeyRequest;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.protocol.PollReply;
import cx.niro.core.protocol.PollRequest;
import cx.niro.core.protocol.ResultReply;
import cx.niro.core.protocol.StreamReply;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The agent protocol without its transport: what {@link cx.niro.server.http.NiroHandler} calls, and
 * an embedder with a transport of its own could.
 *
 * <p>Everything but {@link #poll} and {@link #stream} blocks and runs on the caller's thread; calls
 * for one cluster are put in order inside. Refusals are {@link cx.niro.core.NiroException} with the
 * code that the agent is to see.
 */
public interface AgentGateway {
  /**
   * Exchanges a token for a candidate key, which becomes the key with its first use.
   *
   * @throws cx.niro.core.NiroException {@code token_malformed}, {@code token_unknown}, {@code
   *     token_expired}, {@code token_used}, {@code cluster_already_enrolled}, {@code
   *     protocol_unsupported} or {@code too_many_requests}
   */
  EnrollReply enroll(EnrollRequest request);

  /**
   * Who calls: looks the key up, through a bounded cache. Call it before a body is read.
   *
   * @throws cx.niro.core.EnrollAgainException for a malformed, unknown or revoked key
   */
  AgentCaller authenticate(String agentKey);

  /**
   * The same without asking a store, so that it may be called on a thread that must not wait; empty
   * when it takes a store to tell, which is what this default says of every key.
   *
   * @throws cx.niro.core.EnrollAgainException for a malformed key, or one known to be revoked
   */
  default Optional<AgentCaller> recognize(String agentKey) {
    return Optional.empty();
  }

  /**
   * Takes a beat in; what must not be lost of it is durable when this returns.
   *
   * @throws cx.niro.core.NiroException {@code boot_superseded}, {@code sequence_stale} or {@code
   *     too_many_requests}
   */
  default HeartbeatReply heartbeat(AgentCaller caller, Heartbeat beat) {
    return heartbeat(caller, beat, new byte[0]);
  }

  /**
   * The same, with what the beat was read from, which spares encoding it again when it is stored.
   *
   * @param body JSON, plain or gzipped; kept as it is and not to be changed; empty when there is
   *     none
   */
  HeartbeatReply heartbeat(AgentCaller caller, Heartbeat beat, byte[] body);

  /**
   * A heartbeat came whose body could not be read or was too large: the agent is alive all the
   * same. Call it before the refusal is sent.
   */
  void unreadableHeartbeat(AgentCaller caller);

  /**
   * Completes when something is due, when the wait is over, or exceptionally when the cluster is
   * deleted; never blocks for long.
   */
  CompletionStage<PollReply> poll(AgentCaller caller, PollRequest request);

  /**
   * Takes the outcome of a command of the caller's cluster, any number of times; the reply has the
   * state that counts.
   *
   * @throws cx.niro.core.InvalidRequestException {@code not_found} or {@code invalid_field}
   */
  ResultReply result(AgentCaller caller, CommandId id, CommandResult result);

  /**
   * Takes a piece of a stream of log lines, any number of times. Completes at once, or when the
   * server that shows the stream has it; exceptionally with {@code not_found} when the caller's
   * cluster has no such stream, and with {@code stream_unreachable} when it is to be sent again.
   */
  CompletionStage<StreamReply> stream(AgentCaller caller, CommandId stream, LogPiece piece);

  /**
   * Mints one more candidate key beside the caller's.
   *
   * @throws cx.niro.core.RetryLaterException {@code too_many_requests} after the fifth of one
   *     request id
   */
  KeyReply newKey(AgentCaller caller, KeyRequest request);

  /** The agent stops on purpose; ignored unless it comes from the current process. */
  void goodbye(AgentCaller caller, Goodbye goodbye);
}
