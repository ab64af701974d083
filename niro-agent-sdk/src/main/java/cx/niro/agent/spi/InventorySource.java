package cx.niro.agent.spi;

/**
 * Where an agent's inventory comes from.
 *
 * <p>The agent calls {@link #collect} and {@link #close} from its heartbeat thread, one call at a
 * time. A call that throws is logged and counted; the beat then goes out with the last good content
 * and its sections marked as failed.
 */
public interface InventorySource extends AutoCloseable {

  /**
   * What is true now. Called before every beat; may block, but the beat waits for it, so anything
   * slow belongs behind a cache. Return the same record instances for objects that did not change:
   * the agent then has nothing to compare or hash again. Object hashes may be left null; the agent
   * fills them.
   */
  Observation collect() throws Exception;

  /**
   * Hands over what to run when the next beat should not wait for its slot, for example because a
   * capability was granted. Called once, before the first {@link #collect}. {@code beatSoon} never
   * blocks, may be run from any thread, and does nothing once the agent is closed.
   */
  default void onChange(Runnable beatSoon) {}

  /** Called once, when the agent is closed; no other call follows. */
  @Override
  default void close() throws Exception {}
}
