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
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.PollRequest;
import cx.niro.core.protocol.Protocol;
import cx.niro.server.AgentCaller;
import cx.niro.server.AgentGateway;
import java.util.List;
import java.util.Set;
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
        keyed(Protocol.HEARTBEAT, this::heartbeat),
        new Route("POST", Protocol.POLL, Set.of(), call -> poll(authenticate(call), call)),
        Route.of("POST", Protocol.ENROLL, this::enroll),
        keyed(Protocol.COMMANDS + "{command}" + Protocol.RESULT_SUFFIX, this::result),
        keyed(Protocol.KEYS, this::newKey),
        keyed(Protocol.GOODBYE, this::goodbye));
  }

  private static final String BEARER = "bearer ";

  private Route keyed(String template, BiFunction<AgentCaller, Call, NiroResponse> action) {
    return Route.of("POST", template, call -> action.apply(authenticate(call), call));
  }

  private AgentCaller authenticate(Call call) {
    String header = call.request().header("authorization");
    if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw new EnrollAgainException(
          ErrorCode.KEY_MISSING, "send the agent key as Authorization: Bearer");
    }
    return gateway.authenticate(header.substring(BEARER.length()).strip());
  }

  private NiroResponse enroll(Call call) {
    return answer(gateway.enroll(body(call, EnrollRequest.class, Limits.ENROLL_BYTES)));
  }

  private NiroResponse heartbeat(AgentCaller caller, Call call) {
    return answer(gateway.heartbeat(caller, readable(caller, call)));
  }

  private Heartbeat readable(AgentCaller caller, Call call) {
    try {
      return body(call, Heartbeat.class, Limits.HEARTBEAT_BYTES);
    } catch (InvalidRequestException e) {
      gateway.unreadableHeartbeat(caller);
      throw e;
    }
  }

  private CompletionStage<NiroResponse> poll(AgentCaller caller, Call call) {
    PollRequest request = body(call, PollRequest.class, Limits.SMALL_BYTES);
    return gateway.poll(caller, request).thenApplyAsync(this::answer, executor);
  }

  private NiroResponse result(AgentCaller caller, Call call) {
    CommandId id = call.id("command", CommandId::new);
    CommandResult result = body(call, CommandResult.class, Limits.RESULT_BYTES);
    return answer(gateway.result(caller, id, result));
  }

  private NiroResponse newKey(AgentCaller caller, Call call) {
    return answer(gateway.newKey(caller, body(call, KeyRequest.class, Limits.SMALL_BYTES)));
  }

  private NiroResponse goodbye(AgentCaller caller, Call call) {
    gateway.goodbye(caller, body(call, Goodbye.class, Limits.SMALL_BYTES));
    return Answers.noContent();
  }

  private <T> T body(Call call, Class<T> type, long maxBytes) {
    return bodies.read(codec, call.request(), type, maxBytes);
  }

  private NiroResponse answer(Object message) {
    return Answers.json(codec, 200, message);
  }
}
