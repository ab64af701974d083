package cx.niro.agent;

import cx.niro.agent.internal.AgentRuntime;

/**
 * An agent: it enrolls with a Niro server, reports what its {@link
 * cx.niro.agent.spi.InventorySource} sees, and carries out commands. All calls go out from here; it
 * needs no inbound port.
 *
 * <p>{@link #start} once, {@link #close} any number of times, both from any thread. Nothing calls
 * back once {@code close} has returned, unless a collector or handler ignores its interruption for
 * longer than {@code close} waits.
 */
public final class NiroAgent implements AutoCloseable {
  private final AgentRuntime runtime;

  private NiroAgent(AgentOptions options) {
    runtime = new AgentRuntime(options);
  }

  /** Opens the options of an agent for {@code serverUrl}; end with {@code start()}. */
  public static AgentOptions.Builder builder(String serverUrl) {
    return AgentOptions.builder(serverUrl);
  }

  /** An agent that waits for {@link #start}. */
  public static NiroAgent of(AgentOptions options) {
    return new NiroAgent(options);
  }

  /**
   * Begins to enroll or, where a key is stored, to report. Returns at once; what becomes of it, an
   * {@link AgentListener} hears.
   *
   * @throws IllegalStateException when it was started or closed before
   */
  public void start() {
    runtime.start();
  }

  /** Closes with the reason "closed". */
  @Override
  public void close() {
    close("closed");
  }

  /**
   * Stops commands and beats, tells the server goodbye with {@code reason}, at most 256 characters,
   * and waits up to 10 s in all. The inventory source is closed too.
   */
  public void close(String reason) {
    runtime.close(reason);
  }
}
