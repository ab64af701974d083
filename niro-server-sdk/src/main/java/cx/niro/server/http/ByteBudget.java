package cx.niro.server.http;

/** Bytes that may be in memory; from any thread. */
interface ByteBudget {
  /** Takes so many bytes; false, and nothing taken, when they are not there. */
  boolean take(long bytes);

  void giveBack(long bytes);
}
