package cx.niro.agent.internal;

import cx.niro.agent.AgentListener;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listener, survives what it throws, and is silent once closed. */
final class ListenerCalls {
  private static final Logger log = LoggerFactory.getLogger(ListenerCalls.class);

  private final AgentListener listener;
  private volatile boolean closed;

  ListenerCalls(AgentListener listener) {
    this.listener = listener;
  }

  void tell(Consumer<AgentListener> call) {
    if (closed) {
      return;
    }
    try {
      call.accept(listener);
    } catch (RuntimeException e) {
      log.warn("The agent's listener {} failed; the agent goes on", listener.getClass(), e);
    }
  }

  void close() {
    closed = true;
  }
}
