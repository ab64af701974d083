package cx.niro.agent.kubernetes;

/** How long to wait before the API server is asked again: pure functions of a drawn number. */
final class Pace {
  private static final long FIRST_MILLIS = 1_000;
  private static final long MOST_MILLIS = 60_000;
  private static final long RELIST_MILLIS = 5_000;
  private static final long ABSENT_MILLIS = 600_000;
  private static final int WATCH_SECONDS = 300;

  private Pace() {}

  /** After {@code failures} in a row: exponential with full jitter. */
  static long afterFailure(int failures, double drawn) {
    long most = FIRST_MILLIS << Math.min(failures - 1, 6);
    return (long) (Math.min(most, MOST_MILLIS) * drawn);
  }

  /** After a watch that ended as it should, or at once. */
  static long afterWatch(double drawn) {
    return (long) (FIRST_MILLIS * drawn);
  }

  /** After the history ran out: soon, but not in step with the other kinds. */
  static long afterGone(double drawn) {
    return (long) (RELIST_MILLIS * drawn);
  }

  /** After a refusal, which only a person ends. */
  static long afterRefusal(double drawn) {
    return (long) (MOST_MILLIS * (0.9 + 0.2 * drawn));
  }

  /** After hearing that the API is not served here. */
  static long afterAbsence(double drawn) {
    return (long) (ABSENT_MILLIS * (0.9 + 0.2 * drawn));
  }

  /** How long a watch is asked to last: between 5 and 10 minutes. */
  static int watchSeconds(double drawn) {
    return (int) (WATCH_SECONDS * (1 + drawn));
  }
}
