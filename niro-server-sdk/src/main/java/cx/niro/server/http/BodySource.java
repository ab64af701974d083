package cx.niro.server.http;

/**
 * A body that is still to come, from a web stack that can read it without a thread of its own; see
 * {@link NiroHandler#handle(NiroRequest, BodySource)}.
 */
@FunctionalInterface
public interface BodySource {
  /**
   * Begins to read and returns at once. Called at most once, from any thread, when the handler
   * knows that it wants the body; until then nothing should be read, so that whoever is refused
   * sends nothing for long.
   */
  void readInto(Receiver receiver);

  /** Takes what arrives, from one thread at a time; never blocks. */
  interface Receiver {
    /**
     * Copies some bytes. False when no more are wanted, because they are too many or came too late;
     * then the stack stops to read and need not say anything more.
     */
    boolean take(byte[] buffer, int offset, int length);

    /** The body was given as a whole. */
    void end();

    /** The rest will not come. */
    void fail(Throwable cause);
  }
}
