package cx.niro.agent.internal;

import cx.niro.core.protocol.Limits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Lines between the thread that reads them and the lane that sends them. When it is full a reader
 * of what is followed loses lines, and any other waits. The monitor guards everything and is held
 * for a moment only.
 */
final class LogBuffer {
  static final int MOST_LINES = 2 * Limits.LOG_LINES;
  static final int MOST_CHARS = 128 * 1024;

  private final boolean waits;
  private final Deque<Line> lines = new ArrayDeque<>();
  private int chars;
  private long dropped;
  private boolean stopped;

  private record Line(String text, long droppedBefore) {}

  /** Lines to be sent, and how many were lost right before them. */
  record Batch(List<String> lines, long dropped) {
    boolean isEmpty() {
      return lines.isEmpty() && dropped == 0;
    }
  }

  LogBuffer(boolean waits) {
    this.waits = waits;
  }

  /** False when nobody reads any more. */
  synchronized boolean add(String text) {
    while (waits && !stopped && !hasRoom(text)) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    if (stopped) {
      return false;
    }
    if (hasRoom(text)) {
      lines.add(new Line(text, dropped));
      chars += text.length();
      dropped = 0;
    } else {
      dropped++;
    }
    return true;
  }

  private boolean hasRoom(String text) {
    return lines.size() < MOST_LINES && chars + text.length() <= MOST_CHARS;
  }

  /** At most so much, up to the next place where lines were lost. */
  synchronized Batch take(int mostLines, int mostChars) {
    List<String> taken = new ArrayList<>();
    long before = 0;
    if (lines.isEmpty()) {
      before = dropped;
      dropped = 0;
    } else if (mostLines > 0) {
      before = lines.getFirst().droppedBefore();
      fill(taken, mostLines, mostChars);
      notifyAll();
    }
    return new Batch(taken, before);
  }

  private void fill(List<String> taken, int mostLines, int mostChars) {
    int room = mostChars;
    Line next = lines.peekFirst();
    while (next != null
        && taken.size() < mostLines
        && (taken.isEmpty() || (next.text().length() <= room && next.droppedBefore() == 0))) {
      taken.add(next.text());
      room -= next.text().length();
      chars -= next.text().length();
      lines.removeFirst();
      next = lines.peekFirst();
    }
  }

  synchronized boolean isEmpty() {
    return lines.isEmpty() && dropped == 0;
  }

  /** Whether there is enough for a piece. */
  synchronized boolean holdsAtLeast(int enoughChars) {
    return chars >= enoughChars || lines.size() >= Limits.LOG_LINES;
  }

  synchronized void stop() {
    stopped = true;
    lines.clear();
    notifyAll();
  }
}
