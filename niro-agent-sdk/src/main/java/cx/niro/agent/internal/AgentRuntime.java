package cx.niro.agent.internal;

import cx.niro.agent.AgentOptions;
import cx.niro.agent.AgentResources;
import cx.niro.agent.internal.Transport.Call;
import cx.niro.core.BootId;
import cx.niro.core.protocol.Goodbye;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.protocol.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One agent put together, started and stopped. */
public final class AgentRuntime {
  private static final Logger log = LoggerFactory.getLogger(AgentRuntime.class);
  private static final Duration LANE_PATIENCE = Duration.ofSeconds(3);
  private static final Duration HANDLER_PATIENCE = Duration.ofSeconds(2);
  private static final Duration GOODBYE_PATIENCE = Duration.ofSeconds(2);
  private static final int REASON_CHARS = 256;

  // One for all agents of a process: it keeps what it learns about types.
  private static final NiroCodec CODEC = NiroCodec.create();

  private final AgentOptions options;
  private final AgentResources resources;
  private final Transport transport;
  private final Parts parts;
  private final Lane heartbeatLane;
  private final Lane commandLane;
  private final CommandLoop commands;
  private final HeartbeatLoop heartbeats;
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  public AgentRuntime(AgentOptions options) {
    this(options, options.resources().orElseGet(AgentResources::create));
  }

  private AgentRuntime(AgentOptions options, AgentResources resources) {
    this(options, resources, new OkHttpTransport(options, resources.network()));
  }

  /** With a transport of the caller's, which is closed with the agent. */
  public AgentRuntime(AgentOptions options, AgentResources resources, Transport transport) {
    this.options = options;
    this.resources = resources;
    this.transport = transport;
    LongSupplier nanos = resources.nanos();
    parts =
        new Parts(
            options,
            resources,
            CODEC,
            new BootId(RandomIds.next(resources.random())),
            new KeyRing(options.keyStore()),
            new Exchanges(transport, CODEC, nanos),
            new ListenerCalls(options.listener()));
    heartbeatLane = new Lane(resources.heartbeats());
    commandLane = new Lane(resources.commands());
    commands = new CommandLoop(parts, commandLane, this::keyRefused);
    heartbeats = new HeartbeatLoop(parts, heartbeatLane, commands);
  }

  private void keyRefused(String key) {
    heartbeats.keyRefused(key);
  }

  public void start() {
    if (closed.get()) {
      throw new IllegalStateException("This agent was closed; make a new one");
    }
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("This agent was started before");
    }
    log.info("Starting agent {} with {}", parts.bootId(), options);
    heartbeats.start();
  }

  public void close(String reason) {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    stopLoops();
    if (started.get()) {
      sayGoodbye(reason);
    }
    release();
    closeInventory();
    log.info("Closed agent {}: {}", parts.bootId(), reason);
  }

  /** Stops without a goodbye, as a process that is killed; the inventory source stays open. */
  public void abandon() {
    if (closed.compareAndSet(false, true)) {
      stopLoops();
      release();
    }
  }

  private void stopLoops() {
    parts.listener().close();
    heartbeatLane.close(LANE_PATIENCE);
    commandLane.close(LANE_PATIENCE);
    awaitHandlers(commands.cancelAll());
  }

  private void release() {
    transport.close();
    if (options.resources().isEmpty()) {
      resources.close();
    }
  }

  private void awaitHandlers(List<RunningCommand> running) {
    long until = parts.nanos() + HANDLER_PATIENCE.toNanos();
    try {
      for (RunningCommand command : running) {
        long left = until - parts.nanos();
        if (!command.ended().await(Math.max(0, left), TimeUnit.NANOSECONDS)) {
          log.warn("The handler of {} ignores that it was cancelled", command.kind());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sayGoodbye(String reason) {
    String key = parts.keys().active();
    if (key == null) {
      return;
    }
    String clipped = reason.length() <= REASON_CHARS ? reason : reason.substring(0, REASON_CHARS);
    byte[] body = parts.codec().encode(new Goodbye(parts.bootId(), clipped));
    parts
        .exchanges()
        .sendAndWait(
            new Call(Protocol.GOODBYE, body, key, GOODBYE_PATIENCE, false, Limits.SMALL_BYTES));
  }

  private void closeInventory() {
    try {
      options.inventory().close();
    } catch (Exception e) {
      log.warn("The inventory source could not be closed", e);
    }
  }
}
