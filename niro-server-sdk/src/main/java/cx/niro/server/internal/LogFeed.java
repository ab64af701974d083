package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.LogEnd;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.protocol.LogRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One stream and those who look at it. The monitor guards everything and is held for a moment only:
 * viewers are called after it.
 */
final class LogFeed {
  /** What a viewer who comes later is shown of the past, at most. */
  static final int RECENT_LINES = 1_000;

  private static final int RECENT_CHARS = 64 * 1024;
  private static final int MOST_BREAKS = 5;
  private static final Duration MEMORY = Duration.ofSeconds(30);

  /** What is to be done about a stream. */
  enum Step {
    NOTHING,
    /** It did not begin, or it broke off too often. */
    GIVE_UP,
    /** It broke off, or its agent fell silent. */
    ASK_AGAIN,
    /** Nobody looks any more. */
    FORGET
  }

  final ClusterId cluster;
  final LogRequest request;

  /** Done with the first piece. */
  final CompletableFuture<Boolean> begun = new CompletableFuture<>();

  private final LongSupplier nanos;
  private final List<LogView> views = new ArrayList<>();
  private final Deque<String> recent = new ArrayDeque<>();
  private int recentChars;
  private CommandId id;
  private long sequence;
  private long askedAt;
  private long heardAt;
  private boolean answered;
  private boolean broken;
  private int breaks;
  private boolean over;
  private long overAt;

  LogFeed(ClusterId cluster, LogRequest request, CommandId id, LongSupplier nanos) {
    this.cluster = cluster;
    this.request = request;
    this.id = id;
    this.nanos = nanos;
    this.askedAt = nanos.getAsLong();
    this.heardAt = askedAt;
  }

  /** Whether later viewers can be shown what this one is. */
  static boolean isShared(LogRequest request) {
    return request.follow()
        && request.sinceSeconds() == null
        && request.tailLines() != null
        && request.tailLines() <= RECENT_LINES;
  }

  private void becomeOver() {
    if (!over) {
      over = true;
      overAt = nanos.getAsLong();
    }
  }

  /** Null when it is over. */
  synchronized @Nullable LogView join() {
    if (over) {
      return null;
    }
    LogView view = new LogView(this::leave);
    if (!recent.isEmpty()) {
      view.lines(List.copyOf(recent));
    }
    views.add(view);
    return view;
  }

  private synchronized void leave(LogView view) {
    views.remove(view);
    if (views.isEmpty()) {
      becomeOver();
    }
  }

  synchronized boolean isOver() {
    return over;
  }

  synchronized int viewers() {
    return views.size();
  }

  synchronized boolean isWanted(CommandId asked) {
    return !over && id.equals(asked) && !answered;
  }

  /** Takes a piece once, and tells whether more of them are wanted. */
  boolean take(CommandId from, LogPiece piece) {
    List<LogView> told;
    synchronized (this) {
      if (over || !id.equals(from)) {
        return false;
      }
      if (piece.sequence() <= sequence) {
        return true;
      }
      show(piece, nanos.getAsLong());
      told = List.copyOf(views);
    }
    told.forEach(LogView::deliver);
    return !isOver();
  }

  private void show(LogPiece piece, long now) {
    boolean again = !answered && breaks > 0;
    Duration silence = Duration.ofNanos(now - heardAt);
    sequence = piece.sequence();
    heardAt = now;
    answered = true;
    if (!piece.lines().isEmpty()) {
      breaks = again ? breaks : 0;
      remember(piece.lines());
    }
    LogEnd end = piece.end();
    broken = end != null && end.code().equals(LogEnd.INTERRUPTED) && request.follow();
    for (LogView view : views) {
      if (again) {
        view.gap(silence);
      }
      if (piece.dropped() > 0) {
        view.dropped(piece.dropped());
      }
      if (!piece.lines().isEmpty()) {
        view.lines(piece.lines());
      }
      if (end != null && !broken) {
        view.ended(end);
      }
    }
    if (end != null && !broken) {
      becomeOver();
    }
  }

  private void remember(List<String> lines) {
    if (!isShared(request)) {
      return;
    }
    for (String line : lines) {
      recent.add(line);
      recentChars += line.length();
    }
    while (recent.size() > RECENT_LINES || recentChars > RECENT_CHARS) {
      recentChars -= recent.removeFirst().length();
    }
  }

  /** What time asks for. */
  synchronized Step due(Duration patience) {
    long now = nanos.getAsLong();
    if (views.isEmpty() || over) {
      return Step.FORGET;
    }
    boolean silent = now - (answered ? heardAt : askedAt) > patience.toNanos();
    if (!answered) {
      return silent ? Step.GIVE_UP : Step.NOTHING;
    }
    if (!silent && !broken) {
      return Step.NOTHING;
    }
    return request.follow() && breaks < MOST_BREAKS ? Step.ASK_AGAIN : Step.GIVE_UP;
  }

  /** Goes on under a new id; the request for it. */
  synchronized LogRequest askAgain(CommandId next) {
    long now = nanos.getAsLong();
    id = next;
    sequence = 0;
    answered = false;
    broken = false;
    breaks++;
    askedAt = now;
    return request.since(Math.max(1, Duration.ofNanos(now - heardAt).plusMillis(999).toSeconds()));
  }

  synchronized CommandId id() {
    return id;
  }

  void end(LogEnd end) {
    List<LogView> told;
    synchronized (this) {
      if (over) {
        return;
      }
      becomeOver();
      told = List.copyOf(views);
      told.forEach(view -> view.ended(end));
    }
    told.forEach(LogView::deliver);
  }

  /** Whether its agent has had time to be told. */
  synchronized boolean isLongOver() {
    return over && nanos.getAsLong() - overAt > MEMORY.toNanos();
  }
}
