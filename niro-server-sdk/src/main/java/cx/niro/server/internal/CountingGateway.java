package cx.niro.server.internal;

import cx.niro.core.CommandId;
import cx.niro.core.NiroException;
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
import cx.niro.server.AgentCaller;
import cx.niro.server.AgentGateway;
import cx.niro.server.Metric;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The agents' door with somebody beside it who counts what comes and how it is answered. */
public final class CountingGateway implements AgentGateway {
  private static final String OK = "ok";

  private final AgentGateway gateway;
  private final Tally tally =
      new Tally(
          "niro_agent_requests_total",
          "What agents asked, by the answer: ok, or the code of the refusal.",
          "request",
          "outcome");

  public CountingGateway(AgentGateway gateway) {
    this.gateway = gateway;
  }

  public Metric metric() {
    return tally.metric();
  }

  private <T> T counted(String request, Supplier<T> work) {
    String outcome = "failed";
    try {
      T answer = work.get();
      outcome = OK;
      return answer;
    } catch (NiroException e) {
      outcome = e.code().wireName();
      throw e;
    } finally {
      tally.count(request, outcome);
    }
  }

  @Override
  public EnrollReply enroll(EnrollRequest request) {
    return counted("enroll", () -> gateway.enroll(request));
  }

  /** A key that opens the door is not counted: what the agent then asks is. */
  @Override
  public AgentCaller authenticate(String agentKey) {
    return countingRefusals(() -> gateway.authenticate(agentKey));
  }

  @Override
  public Optional<AgentCaller> recognize(String agentKey) {
    return countingRefusals(() -> gateway.recognize(agentKey));
  }

  private <T> T countingRefusals(Supplier<T> work) {
    try {
      return work.get();
    } catch (NiroException e) {
      tally.count("authenticate", e.code().wireName());
      throw e;
    }
  }

  @Override
  public HeartbeatReply heartbeat(AgentCaller caller, Heartbeat beat, byte[] body) {
    return counted("heartbeat", () -> gateway.heartbeat(caller, beat, body));
  }

  @Override
  public void unreadableHeartbeat(AgentCaller caller) {
    tally.count("heartbeat", "unreadable");
    gateway.unreadableHeartbeat(caller);
  }

  @Override
  public CompletionStage<PollReply> poll(AgentCaller caller, PollRequest request) {
    return countedLater("poll", () -> gateway.poll(caller, request));
  }

  private <T> CompletionStage<T> countedLater(String request, Supplier<CompletionStage<T>> work) {
    CompletionStage<T> answer;
    try {
      answer = work.get();
    } catch (NiroException e) {
      tally.count(request, e.code().wireName());
      throw e;
    }
    return answer.whenComplete((reply, failure) -> tally.count(request, outcome(failure)));
  }

  private static String outcome(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause == null) {
      return OK;
    }
    return cause instanceof NiroException known ? known.code().wireName() : "failed";
  }

  @Override
  public ResultReply result(AgentCaller caller, CommandId id, CommandResult result) {
    return counted("result", () -> gateway.result(caller, id, result));
  }

  @Override
  public CompletionStage<StreamReply> stream(AgentCaller caller, CommandId stream, LogPiece piece) {
    return countedLater("stream", () -> gateway.stream(caller, stream, piece));
  }

  @Override
  public KeyReply newKey(AgentCaller caller, KeyRequest request) {
    return counted("key", () -> gateway.newKey(caller, request));
  }

  @Override
  public void goodbye(AgentCaller caller, Goodbye goodbye) {
    counted(
        "goodbye",
        () -> {
          gateway.goodbye(caller, goodbye);
          return OK;
        });
  }
}
