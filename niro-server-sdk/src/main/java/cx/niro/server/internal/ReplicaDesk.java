package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.protocol.StreamReply;
import cx.niro.server.ReplicaGateway;
import cx.niro.server.internal.relay.Relay;
import org.jspecify.annotations.Nullable;

/** The door for other servers, where there may be some. */
record ReplicaDesk(Gate gate, @Nullable Relay relay, LogHub logs) implements ReplicaGateway {
  @Override
  public void check(Head head) {
    if (relay == null) {
      throw new InvalidRequestException(
          ErrorCode.NOT_FOUND, "this server shares its data with no other");
    }
    relay.check(head);
    gate.requireOpen();
  }

  @Override
  public void offer(ClusterId cluster, CommandOffer offer) {
    logs.offered(cluster, offer);
  }

  @Override
  public StreamReply piece(ClusterId cluster, CommandId stream, LogPiece piece) {
    return logs.takeHere(cluster, stream, piece);
  }

  @Override
  public void result(ClusterId cluster, CommandId stream, CommandResult result) {
    logs.resultHere(cluster, stream, result);
  }
}
