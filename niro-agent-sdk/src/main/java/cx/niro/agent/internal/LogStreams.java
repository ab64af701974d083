package cx.niro.agent.internal;

import cx.niro.agent.spi.CommandOutcome;
import cx.niro.agent.spi.LogSource;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandOffer;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.LogRequest;
import cx.niro.core.protocol.Protocol;
import cx.niro.core.protocol.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The streams of log lines that are open. Confined to the command lane. */
final class LogStreams {
  private static final RawJson STARTED = new RawJson("{\"started\":true}");

  private final Parts parts;
  private final Lane lane;
  private final @Nullable LogSource source;
  private final Map<CommandId, LogStream> open = new LinkedHashMap<>();

  LogStreams(Parts parts, Lane lane) {
    this.parts = parts;
    this.lane = lane;
    source = parts.options().logSource().orElse(null);
  }

  /** The outcome of the command: started, or why not. */
  CommandOutcome open(CommandOffer offer) {
    LogSource granted = source;
    if (granted == null || !granted.isGranted()) {
      return CommandOutcome.rejected("this agent may not read logs");
    }
    if (open.size() >= Protocol.STREAMS_LIMIT) {
      return CommandOutcome.rejected(
          "this agent has " + Protocol.STREAMS_LIMIT + " streams open, which is the limit");
    }
    LogRequest request;
    try {
      byte[] payload = offer.payload().text().getBytes(StandardCharsets.UTF_8);
      request = parts.codec().decode(LogRequest.class, payload);
    } catch (DecodingException e) {
      return CommandOutcome.rejected("the payload of logs is not valid: " + e.getMessage());
    }
    return open(offer.id(), request, granted);
  }

  private CommandOutcome open(CommandId id, LogRequest request, LogSource granted) {
    LogStream stream = new LogStream(parts, lane, id, request, () -> open.remove(id));
    try {
      parts.resources().network().execute(() -> stream.read(granted));
    } catch (RejectedExecutionException e) {
      return CommandOutcome.failed("the agent has no thread for a stream");
    }
    open.put(id, stream);
    stream.begin();
    return CommandOutcome.succeeded(STARTED);
  }

  void stop(CommandId id) {
    LogStream stream = open.get(id);
    if (stream != null) {
      stream.stop();
    }
  }

  /** Ends all; also when the lane is closed. */
  void stopAll() {
    List.copyOf(open.values()).forEach(LogStream::stop);
  }
}
