package cx.niro.server;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.protocol.StreamReply;
import org.jspecify.annotations.Nullable;

/**
 * What other servers over the same stores ask of this one, without its transport: {@link
 * cx.niro.server.http.NiroHandler} has the routes below {@code /replica}. A server that shares its
 * stores with nobody refuses all of it as {@code not_found}. Nothing here blocks for long.
 */
public interface ReplicaGateway {
  /**
   * Checks who calls, before the body is read; whoever reads it compares its SHA-256 with {@link
   * Head#digest}.
   *
   * @throws cx.niro.core.NiroException {@code not_authenticated} when the signature is missing,
   *     wrong, or made more than a minute ago
   */
  void check(Head head);

  /**
   * Has the cluster's agent open a stream, with the poll that is parked here or comes within 10 s.
   */
  void offer(ClusterId cluster, CommandOffer offer);

  /**
   * Takes a piece of a stream that is looked at here.
   *
   * @throws cx.niro.core.InvalidRequestException {@code not_found} when it is not
   */
  StreamReply piece(ClusterId cluster, CommandId stream, LogPiece piece);

  /** What an agent answered to the command that opens a stream. */
  void result(ClusterId cluster, CommandId stream, CommandResult result);

  /**
   * The signed head of a call.
   *
   * @param path as it was sent, without query
   * @param time when it was signed, in epoch milliseconds
   * @param digest SHA-256 of the body, in hexadecimal
   */
  record Head(
      String method,
      String path,
      @Nullable String time,
      @Nullable String digest,
      @Nullable String signature) {
    public static final String TIME = "niro-time";
    public static final String DIGEST = "niro-digest";
    public static final String SIGNATURE = "niro-signature";
  }
}
