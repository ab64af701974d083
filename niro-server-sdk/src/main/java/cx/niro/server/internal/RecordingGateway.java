package cx.niro.server.internal;

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
import cx.niro.server.AgentCaller;
import cx.niro.server.AgentGateway;
import cx.niro.server.spi.HeartbeatRecorder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agents' door with somebody beside it who takes accepted heartbeats down. */
public final class RecordingGateway implements AgentGateway {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingGateway.class);

  private final AgentGateway gateway;
  private final HeartbeatRecorder recorder;
  private final InstantSource clock;

  public RecordingGateway(AgentGateway gateway, HeartbeatRecorder recorder, InstantSource clock) {
    this.gateway = gateway;
    this.recorder = recorder;
    this.clock = clock;
  }

  @Override
  public HeartbeatReply heartbeat(AgentCaller caller, Heartbeat beat, byte[] body) {
    Instant receivedAt = clock.instant();
    HeartbeatReply reply = gateway.heartbeat(caller, beat, body);
    try {
      recorder.record(caller.cluster(), receivedAt, beat);
    } catch (RuntimeException e) {
      LOG.warn("a heartbeat of cluster {} was not recorded", caller.cluster(), e);
    }
    return reply;
  }

  @Override
  public EnrollReply enroll(EnrollRequest request) {
    return gateway.enroll(request);
  }

  @Override
  public AgentCaller authenticate(String agentKey) {
    return gateway.authenticate(agentKey);
  }

  @Override
  public Optional<AgentCaller> recognize(String agentKey) {
    return gateway.recognize(agentKey);
  }

  @Override
  public void unreadableHeartbeat(AgentCaller caller) {
    gateway.unreadableHeartbeat(caller);
  }

  @Override
  public CompletionStage<PollReply> poll(AgentCaller caller, PollRequest request) {
    return gateway.poll(caller, request);
  }

  @Override
  public ResultReply result(AgentCaller caller, CommandId id, CommandResult result) {
    return gateway.result(caller, id, result);
  }

  @Override
  public CompletionStage<StreamReply> stream(AgentCaller caller, CommandId stream, LogPiece piece) {
    return gateway.stream(caller, stream, piece);
  }

  @Override
  public KeyReply newKey(AgentCaller caller, KeyRequest request) {
    return gateway.newKey(caller, request);
  }

  @Override
  public void goodbye(AgentCaller caller, Goodbye goodbye) {
    gateway.goodbye(caller, goodbye);
  }
}
