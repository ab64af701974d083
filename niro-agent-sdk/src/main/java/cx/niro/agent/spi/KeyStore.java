package cx.niro.agent.spi;

import java.io.IOException;
import java.util.Optional;

/**
 * Where an agent keeps its identity between two runs: one small record, secret and precious.
 *
 * <p>The agent calls it from its heartbeat thread, one call at a time; calls may block.
 */
public interface KeyStore {

  /**
   * What was saved last, empty if nothing ever was. Read afresh each time: the agent asks again
   * when its key is refused, because somebody else may have written a new one.
   *
   * @throws IOException when it cannot be read now; the agent tries again later
   */
  Optional<StoredKeys> load() throws IOException;

  /**
   * Replaces the record. Atomic and durable when it returns: a crash at any moment leaves the old
   * record or the new one, never a mixture.
   *
   * @throws IOException when it was not saved; the agent uses no key that it could not save first
   */
  void save(StoredKeys keys) throws IOException;

  /**
   * Told when an enrollment token was exchanged and the key from it has worked, so that a store
   * that also holds the token can erase it. May be told more than once.
   */
  default void tokenSpent() throws IOException {}
}
