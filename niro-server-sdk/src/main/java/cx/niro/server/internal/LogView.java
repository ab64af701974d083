package cx.niro.server.internal;

import cx.niro.core.protocol.LogEnd;
import cx.niro.server.LogViewer;
import cx.niro.server.Logs;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for one viewer; bounded, so that a slow one loses lines and is told how many. The
 * monitor guards the queue; the viewer is called without it, by whoever counts {@link #work} up
 * from zero.
 */
final class LogView implements Logs.View {
  private static final Logger LOG = LoggerFactory.getLogger(LogView.class);
  private static final int MOST_CHARS = 256 * 1024;

  /** What a line weighs beside its text, so that empty ones are not for nothing. */
  private static final int LINE_CHARS = 16;

  private record Waiting(Consumer<LogViewer> call, int chars) {}

  private final Consumer<LogView> onClose;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private final AtomicInteger work = new AtomicInteger();
  private int chars;
  private long lost;
  private boolean closed;
  private volatile @Nullable LogViewer viewer;

  LogView(Consumer<LogView> onClose) {
    this.onClose = onClose;
  }

  @Override
  public void start(LogViewer looking) {
    viewer = looking;
    deliver();
  }

  boolean isStarted() {
    return viewer != null;
  }

  void lines(List<String> lines) {
    int size = lines.stream().mapToInt(line -> line.length() + LINE_CHARS).sum();
    synchronized (this) {
      if (chars > 0 && chars + size > MOST_CHARS) {
        lost += lines.size();
        return;
      }
      tellLost();
      chars += size;
      waiting.add(new Waiting(looking -> looking.lines(lines), size));
    }
  }

  void dropped(long count) {
    synchronized (this) {
      lost += count;
      tellLost();
    }
  }

  void gap(Duration silence) {
    add(looking -> looking.gap(silence));
  }

  void ended(LogEnd end) {
    add(looking -> looking.ended(end));
  }

  private synchronized void add(Consumer<LogViewer> call) {
    tellLost();
    waiting.add(new Waiting(call, 0));
  }

  private void tellLost() {
    long count = lost;
    lost = 0;
    if (count > 0) {
      waiting.add(new Waiting(looking -> looking.dropped(count), 0));
    }
  }

  /** Calls the viewer with all that waits; never while a lock is held. */
  void deliver() {
    LogViewer looking = viewer;
    if (looking == null || work.getAndIncrement() != 0) {
      return;
    }
    int taken = 1;
    while (taken != 0) {
      for (Waiting next = next(); next != null; next = next()) {
        call(looking, next);
      }
      taken = work.addAndGet(-taken);
    }
  }

  private synchronized @Nullable Waiting next() {
    Waiting next = closed ? null : waiting.poll();
    chars -= next == null ? 0 : next.chars();
    return next;
  }

  private void call(LogViewer looking, Waiting next) {
    try {
      next.call().accept(looking);
    } catch (RuntimeException e) {
      LOG.warn("a viewer of logs failed and is shown no more", Objects.requireNonNull(e));
      close();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      waiting.clear();
      chars = 0;
    }
    onClose.accept(this);
  }
}
