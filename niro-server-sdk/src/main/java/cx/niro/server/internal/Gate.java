package cx.niro.server.internal;

import cx.niro.core.ErrorCode;
import cx.niro.core.RetryLaterException;
import cx.niro.core.protocol.PollReply;
import cx.niro.server.ServerOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Whether the server takes calls: once started, until closed. */
final class Gate {
  private enum Phase {
    NEW,
    STARTING,
    OPEN,
    DRAINING,
    CLOSED
  }

  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);
  private final ServerOptions options;
  private final Platform platform;

  Gate(ServerOptions options, Platform platform) {
    this.options = options;
    this.platform = platform;
  }

  void begin() {
    if (!phase.compareAndSet(Phase.NEW, Phase.STARTING)) {
      throw new IllegalStateException("a server is started once; it is " + phase.get());
    }
  }

  void open() {
    phase.compareAndSet(Phase.STARTING, Phase.OPEN);
  }

  /** The start failed; it may be tried again. */
  void beginFailed() {
    phase.compareAndSet(Phase.STARTING, Phase.NEW);
  }

  /** True for the one call that begins the draining. */
  boolean drain() {
    return phase.compareAndSet(Phase.OPEN, Phase.DRAINING);
  }

  /** True for the one call that closes. */
  boolean close() {
    return phase.getAndSet(Phase.CLOSED) != Phase.CLOSED;
  }

  boolean isDraining() {
    return phase.get() == Phase.DRAINING;
  }

  boolean isRunning() {
    Phase now = phase.get();
    return now == Phase.OPEN || now == Phase.DRAINING;
  }

  void requireOpen() {
    if (!isRunning()) {
      throw new RetryLaterException(
          ErrorCode.STARTING_OR_STOPPING, "the server is starting or stopping");
    }
  }

  /** The answer to a poll that comes while the server drains. */
  PollReply comeBackLater() {
    return new PollReply(List.of(), List.of(), List.of(), spread());
  }

  /** A moment within the drain time, drawn anew each time. */
  long spread() {
    long drain = options.drainTime().toMillis();
    return 1000 + (long) (platform.random().nextDouble() * drain);
  }
}
