package cx.niro.server.memory;

import java.util.ArrayDeque;
import java.util.Deque;

/** How to take back what the open transaction wrote; confined to the holder of the store's lock. */
final class Journal {
  private final Deque<Runnable> undo = new ArrayDeque<>();

  void wrote(Runnable takeBack) {
    undo.push(takeBack);
  }

  void commit() {
    undo.clear();
  }

  void rollBack() {
    undo.forEach(Runnable::run);
    undo.clear();
  }
}
