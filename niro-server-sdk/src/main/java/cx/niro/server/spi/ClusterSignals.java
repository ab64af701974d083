package cx.niro.server.spi;

import java.util.function.Consumer;

/**
 * How one server tells others over the same stores that it has just written something. Each looks
 * once a second by itself, so that a signal that is lost, or none at all, costs a second and
 * nothing else; whatever is signalled is in the stores already. Both methods come from any thread.
 */
public interface ClusterSignals {
  /** Tells nobody anything: for one server alone, or where a second is soon enough. */
  ClusterSignals NONE =
      new ClusterSignals() {
        @Override
        public void send(String from) {}

        @Override
        public AutoCloseable listen(Consumer<String> heard) {
          return () -> {};
        }
      };

  /**
   * Has the others look, those who listen at this moment. May block for a network; called one at a
   * time, and at most some 40 times a second. What it throws is logged and nothing more.
   *
   * @param from the name of the server that tells
   */
  void send(String from);

  /**
   * Calls {@code heard} with the name of each server that tells something, this one's too, until
   * what is returned is closed; from one thread at a time, and never for long. After a gap, in
   * which something may have been lost, with an empty name. Does not block.
   */
  AutoCloseable listen(Consumer<String> heard);
}
