package cx.niro.server.internal;

import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.RetryLaterException;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** The agents' door: checks that the server is open and the key alive, and goes into the lane. */
final class Gateway implements AgentGateway {
  private final Platform platform;
  private final Gate gate;
  private final LiveClusters clusters;
  private final AgentKeys keys;
  private final RevocationWatch revocations;
  private final Enrollment enrollment;
  private final Candidates candidates;
  private final Ingest ingest;
  private final PollDesk polls;
  private final ResultDesk results;
  private final LogHub logs;

  Gateway(
      Platform platform,
      Gate gate,
      LiveClusters clusters,
      AgentKeys keys,
      RevocationWatch revocations,
      Enrollment enrollment,
      Candidates candidates,
      Ingest ingest,
      PollDesk polls,
      ResultDesk results,
      LogHub logs) {
    this.platform = platform;
    this.gate = gate;
    this.clusters = clusters;
    this.keys = keys;
    this.revocations = revocations;
    this.enrollment = enrollment;
    this.candidates = candidates;
    this.ingest = ingest;
    this.polls = polls;
    this.results = results;
    this.logs = logs;
  }

  @Override
  public EnrollReply enroll(EnrollRequest request) {
    gate.requireOpen();
    return enrollment.exchange(request);
  }

  @Override
  public AgentCaller authenticate(String agentKey) {
    gate.requireOpen();
    revocations.requireSight();
    return keys.authenticate(agentKey);
  }

  @Override
  public Optional<AgentCaller> recognize(String agentKey) {
    gate.requireOpen();
    revocations.requireSight();
    return keys.recognize(agentKey);
  }

  @Override
  public HeartbeatReply heartbeat(AgentCaller caller, Heartbeat beat, byte[] body) {
    gate.requireOpen();
    return inLane(
        caller,
        live -> {
          HeartbeatReply reply = ingest.take(live, caller, new Ingest.Message(beat, body));
          polls.endSuperseded(live);
          return reply;
        });
  }

  @Override
  public void unreadableHeartbeat(AgentCaller caller) {
    gate.requireOpen();
    inLane(
        caller,
        live -> {
          ingest.alive(live, platform.now());
          return true;
        });
  }

  @Override
  public CompletionStage<PollReply> poll(AgentCaller caller, PollRequest request) {
    gate.requireOpen();
    if (gate.isDraining()) {
      return CompletableFuture.completedFuture(gate.comeBackLater());
    }
    return inLane(caller, live -> polls.poll(live, caller, request));
  }

  @Override
  public ResultReply result(AgentCaller caller, CommandId id, CommandResult result) {
    gate.requireOpen();
    keys.requireLive(caller);
    if (logs.result(caller, id, result)) {
      return new ResultReply(result.state());
    }
    LiveCluster cluster = clusters.ofAgent(caller.cluster());
    ResultReply reply =
        inLane(caller, live -> results.take(live, id, result, polls.confirmedLease(live)));
    polls.wake(cluster);
    return reply;
  }

  /** Not in the lane: lines never wait for a store. */
  @Override
  public CompletionStage<StreamReply> stream(AgentCaller caller, CommandId stream, LogPiece piece) {
    gate.requireOpen();
    keys.requireLive(caller);
    return logs.take(caller, stream, piece);
  }

  @Override
  public KeyReply newKey(AgentCaller caller, KeyRequest request) {
    gate.requireOpen();
    return inLane(
        caller,
        live -> {
          if (!live.budget.take(platform.nanos().getAsLong())) {
            throw new RetryLaterException(
                ErrorCode.TOO_MANY_REQUESTS, "keys are made no more often than beats are taken");
          }
          polls.see(live, request.bootId());
          return candidates.mint(live.id, request);
        });
  }

  @Override
  public void goodbye(AgentCaller caller, Goodbye goodbye) {
    gate.requireOpen();
    inLane(
        caller,
        live -> {
          ingest.goodbye(live, goodbye);
          polls.left(live, goodbye.bootId());
          return true;
        });
  }

  private <T> T inLane(AgentCaller caller, Function<LiveCluster, T> work) {
    LiveCluster live = clusters.ofAgent(caller.cluster());
    Supplier<T> checked =
        () -> {
          keys.requireLive(caller);
          return work.apply(live);
        };
    return clusters.inLane(live, checked);
  }
}
