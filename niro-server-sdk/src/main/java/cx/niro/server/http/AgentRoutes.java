package cx.niro.server.http;

import cx.niro.core.CommandId;
import cx.niro.core.EnrollAgainException;
import cx.niro.core.ErrorCode;
import cx.niro.core.InvalidRequestException;
import cx.niro.core.protocol.CommandResult;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.core.protocol.Goodbye;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.KeyRequest;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.PollRequest;
import cx.niro.core.protocol.Protocol;
import cx.niro.server.AgentCaller;
import cx.niro.server.AgentGateway;
import cx.niro.server.http.Admission.Kind;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/** The agent protocol. Every call but enroll checks the key before it looks at the body. */
final class AgentRoutes {
  private final AgentGateway gateway;
  private final NiroCodec codec;
  private final Bodies bodies;
  private final Executor executor;

  AgentRoutes(AgentGateway gateway, NiroCodec codec, Bodies bodies, Executor executor) {
    this.gateway = gateway;
    this.codec = codec;
    this.bodies = bodies;
    this.executor = executor;
  }

  List<Route> routes() {
    return List.of(
        keyed(Protocol.HEARTBEAT, Limits.HEARTBEAT_BYTES, answered(this::heartbeat)),
        keyed(Protocol.POLL, Limits.SMALL_BYTES, this::poll),
        new Route(
            "POST",
            Protocol.ENROLL,
            Set.of(),
            Route.Terms.anybody(Limits.ENROLL_BYTES, Kind.ENROLLMENTS),
            head -> Route.Action.of(this::enroll)),
        keyed(
            Protocol.COMMANDS + "{command}" + Protocol.RESULT_SUFFIX,
            Limits.RESULT_BYTES,
            answered(this::result)),
        keyed(Protocol.STREAMS + "{stream}", Limits.STREAM_BYTES, this::stream),
        keyed(Protocol.KEYS, Limits.SMALL_BYTES, answered(this::newKey)),
        keyed(Protocol.GOODBYE, Limits.SMALL_BYTES, answered(this::goodbye)));
  }

  private static final byte[] UNKNOWN = new byte[0];
  private static final String BEARER = "bearer ";

  private Route keyed(
      String template,
      long maxBody,
      BiFunction<AgentCaller, Call, CompletionStage<NiroResponse>> action) {
    return new Route(
        "POST",
        template,
        Set.of(),
        Route.Terms.known(maxBody, kindOf(template)),
        new Keyed(action));
  }

  /** Lets in whoever has a key. */
  private final class Keyed implements Route.Entry {
    private final BiFunction<AgentCaller, Call, CompletionStage<NiroResponse>> action;

    Keyed(BiFunction<AgentCaller, Call, CompletionStage<NiroResponse>> action) {
      this.action = action;
    }

    @Override
    public Route.Action enter(Call head) {
      return of(gateway.authenticate(key(head)));
    }

    @Override
    public Optional<Route.Action> enterAtOnce(Call head) {
      return gateway.recognize(key(head)).map(this::of);
    }

    private Route.Action of(AgentCaller caller) {
      return call -> action.apply(caller, call);
    }
  }

  private static Kind kindOf(String template) {
    return switch (template) {
      case Protocol.HEARTBEAT -> Kind.HEARTBEATS;
      case Protocol.POLL -> Kind.POLLS;
      default -> Kind.RESULTS;
    };
  }

  private static BiFunction<AgentCaller, Call, CompletionStage<NiroResponse>> answered(
      BiFunction<AgentCaller, Call, NiroResponse> action) {
    return action.andThen(CompletableFuture::completedFuture);
  }

  private static String key(Call call) {
    String header = call.request().header("authorization");
    if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw new EnrollAgainException(
          ErrorCode.KEY_MISSING, "send the agent key as Authorization: Bearer");
    }
    return header.substring(BEARER.length()).strip();
  }

  private NiroResponse enroll(Call call) {
    return answer(gateway.enroll(body(call, EnrollRequest.class)));
  }

  private NiroResponse heartbeat(AgentCaller caller, Call call) {
    byte[] received = call.request().body() instanceof ReceivedBody whole ? whole.rest() : UNKNOWN;
    Heartbeat beat =
        readable(
            caller, received == UNKNOWN ? call : call.with(new ByteArrayInputStream(received)));
    return answer(gateway.heartbeat(caller, beat, received));
  }

  private Heartbeat readable(AgentCaller caller, Call call) {
    try {
      return body(call, Heartbeat.class);
    } catch (InvalidRequestException e) {
      gateway.unreadableHeartbeat(caller);
      throw e;
    }
  }

  private CompletionStage<NiroResponse> poll(AgentCaller caller, Call call) {
    PollRequest request = body(call, PollRequest.class);
    return gateway.poll(caller, request).thenApplyAsync(this::answer, executor);
  }

  private NiroResponse result(AgentCaller caller, Call call) {
    CommandId id = call.id("command", CommandId::new);
    CommandResult result = body(call, CommandResult.class);
    return answer(gateway.result(caller, id, result));
  }

  private CompletionStage<NiroResponse> stream(AgentCaller caller, Call call) {
    CommandId id = call.id("stream", CommandId::new);
    return gateway.stream(caller, id, body(call, LogPiece.class)).thenApply(this::answer);
  }

  private NiroResponse newKey(AgentCaller caller, Call call) {
    return answer(gateway.newKey(caller, body(call, KeyRequest.class)));
  }

  private NiroResponse goodbye(AgentCaller caller, Call call) {
    gateway.goodbye(caller, body(call, Goodbye.class));
    return Answers.noContent();
  }

  private <T> T body(Call call, Class<T> type) {
    return bodies.read(codec, call.request(), type, call.maxBody());
  }

  private NiroResponse answer(Object message) {
    return Answers.json(codec, 200, message);
  }
}
