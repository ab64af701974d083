package cx.niro.server.http;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.PollReply;
import cx.niro.server.ReplicaGateway;
import cx.niro.server.ReplicaGateway.Head;
import cx.niro.server.internal.relay.Signature;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What other servers over the same stores may ask: signed, and of no use to anybody else. */
final class ReplicaRoutes {
  private static final String CLUSTER = "/replica/v1/clusters/{cluster}";

  private final ReplicaGateway gateway;
  private final NiroCodec codec;
  private final Bodies bodies;

  ReplicaRoutes(ReplicaGateway gateway, NiroCodec codec, Bodies bodies) {
    this.gateway = gateway;
    this.codec = codec;
    this.bodies = bodies;
  }

  List<Route> routes() {
    return List.of(
        signed(CLUSTER + "/offers", Limits.SMALL_BYTES, this::offer),
        signed(CLUSTER + "/streams/{stream}", Limits.STREAM_BYTES, this::piece),
        signed(CLUSTER + "/streams/{stream}/result", Limits.RESULT_BYTES, this::result));
  }

  private Route signed(String template, long maxBody, Function<Call, NiroResponse> action) {
    return new Route(
        "POST",
        template,
        Set.of(),
        Route.Terms.known(maxBody, Admission.Kind.RESULTS),
        call -> {
          gateway.check(head(call.request()));
          return Route.Action.of(action);
        });
  }

  private static Head head(NiroRequest request) {
    return new Head(
        request.method(),
        request.path(),
        request.header(Head.TIME),
        request.header(Head.DIGEST),
        request.header(Head.SIGNATURE));
  }

  private NiroResponse offer(Call call) {
    body(call, PollReply.class)
        .commands()
        .forEach(offer -> gateway.offer(call.id("cluster", ClusterId::new), offer));
    return Answers.noContent();
  }

  private NiroResponse piece(Call call) {
    ClusterId cluster = call.id("cluster", ClusterId::new);
    CommandId stream = call.id("stream", CommandId::new);
    LogPiece piece = body(call, LogPiece.class);
    return Answers.json(codec, 200, gateway.piece(cluster, stream, piece));
  }

  private NiroResponse result(Call call) {
    ClusterId cluster = call.id("cluster", ClusterId::new);
    CommandId stream = call.id("stream", CommandId::new);
    gateway.result(cluster, stream, body(call, CommandResult.class));
    return Answers.noContent();
  }

  /** The body, when it is the one that was signed. */
  private <T> T body(Call call, Class<T> type) {
    DigestInputStream read = new DigestInputStream(call.request().body(), Signature.newDigest());
    T value = bodies.read(codec, call.request().with(read), type, call.maxBody());
    try {
      read.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new InvalidRequestException(ErrorCode.MALFORMED_BODY, "the body has no end", e);
    }
    String digest = HexFormat.of().formatHex(read.getMessageDigest().digest());
    if (!digest.equals(call.request().header(Head.DIGEST))) {
      throw new InvalidRequestException(
          ErrorCode.NOT_AUTHENTICATED, "the body is not the one that was signed");
    }
    return value;
  }
}
