package cx.niro.server.internal;

import cx.niro.server.ServerListener;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners what happened, on the executor, one event after the other for each cluster. */
final class Announcer {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
  private static final long CLOSE_SECONDS = 5;
  static final int MOST_WAITING = 1000;

  /** The events of one cluster that wait to be told. */
  static final class Backlog {
    private final Queue<Consumer<ServerListener>> events = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicBoolean overflowing = new AtomicBoolean();
    private final AtomicBoolean telling = new AtomicBoolean();
  }

  private final List<ServerListener> listeners;
  private final Work work;
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final Phaser inCallbacks = new Phaser(1);
  private volatile boolean closed;

  Announcer(List<ServerListener> listeners, Work work) {
    this.listeners = listeners;
    this.work = work;
  }

  /** Queues an event; inside the lane, so that the order is that of the cluster. */
  void announce(LiveCluster live, Consumer<ServerListener> event) {
    if (!listeners.isEmpty()) {
      Backlog backlog = live.backlog;
      if (backlog.events.offer(event)) {
        backlog.overflowing.set(false);
      } else {
        dropped.incrementAndGet();
        if (backlog.overflowing.compareAndSet(false, true)) {
          LOG.warn(
              "{} events of cluster {} wait for slow listeners; the next ones are not told",
              MOST_WAITING,
              live.id);
        }
      }
    }
  }

  /** Tells what is queued; outside of every lane, because listeners call back. */
  void flush(LiveCluster live) {
    if (!live.backlog.events.isEmpty()) {
      work.run("listeners", () -> tell(live.backlog));
    }
  }

  private void tell(Backlog backlog) {
    while (!backlog.events.isEmpty() && backlog.telling.compareAndSet(false, true)) {
      try {
        Consumer<ServerListener> event = backlog.events.poll();
        while (event != null && !closed) {
          tellAll(event);
          event = backlog.events.poll();
        }
      } finally {
        backlog.telling.set(false);
      }
    }
  }

  private void tellAll(Consumer<ServerListener> event) {
    inCallbacks.register();
    try {
      listeners.forEach(listener -> tellOne(listener, event));
    } finally {
      inCallbacks.arriveAndDeregister();
    }
  }

  private void tellOne(ServerListener listener, Consumer<ServerListener> event) {
    try {
      if (!closed) {
        event.accept(listener);
      }
    } catch (RuntimeException e) {
      failures.incrementAndGet();
      LOG.warn("listener {} failed; the server goes on", listener.getClass().getName(), e);
    }
  }

  /** How many events were not told, because too many waited. */
  long dropped() {
    return dropped.get();
  }

  /** How often a listener threw. */
  long failures() {
    return failures.get();
  }

  /** Tells no more, and waits for callbacks that run. */
  void close() {
    closed = true;
    try {
      inCallbacks.awaitAdvanceInterruptibly(inCallbacks.arrive(), CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.warn("a listener still runs {} s after the server was closed", CLOSE_SECONDS);
    }
  }
}
