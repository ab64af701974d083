package cx.niro.app.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a {@link LoadFleet} saw; written by its thread, read by others under the lock. */
final class LoadFigures {
  private static final int TENTHS = 600_000;

  /** Durations in tenths of a millisecond, up to a minute. */
  private static final class Durations {
    private final int[] counts = new int[TENTHS + 1];
    private long count;

    void add(long nanos) {
      counts[(int) Math.max(0, Math.min(TENTHS, nanos / 100_000))]++;
      count++;
    }

    double millis(double share) {
      long rank = (long) Math.ceil(share * count);
      long seen = 0;
      int at = 0;
      while (at < TENTHS && (seen += counts[at]) < rank) {
        at++;
      }
      return at / 10.0;
    }
  }

  private final Map<String, Durations> byForm = new TreeMap<>();
  private final Durations sinceDue = new Durations();
  private final Durations sinceSent = new Durations();
  private final Map<String, Integer> troubles = new TreeMap<>();
  private long polls;
  private long sentBytes;

  synchronized void beat(String form, long nanosSinceDue, long nanosSinceSent) {
    sinceDue.add(nanosSinceDue);
    sinceSent.add(nanosSinceSent);
    byForm.computeIfAbsent(form, any -> new Durations()).add(nanosSinceSent);
  }

  synchronized void poll() {
    polls++;
  }

  synchronized void sent(int bytes) {
    sentBytes += bytes;
  }

  synchronized void trouble(String what) {
    troubles.merge(what, 1, Integer::sum);
  }

  /** Begins anew: what was before was the approach. */
  synchronized void clear() {
    byForm.clear();
    Arrays.fill(sinceDue.counts, 0);
    Arrays.fill(sinceSent.counts, 0);
    sinceDue.count = 0;
    sinceSent.count = 0;
    troubles.clear();
    polls = 0;
    sentBytes = 0;
  }

  synchronized long beats() {
    return sinceSent.count;
  }

  synchronized long polls() {
    return polls;
  }

  synchronized String text() {
    StringBuilder text = new StringBuilder();
    text.append(line("beats, since they were due", sinceDue));
    text.append(line("beats, since they were sent", sinceSent));
    byForm.forEach((form, one) -> text.append(line("  " + form, one)));
    text.append(
        String.format(
            Locale.ROOT, "polls answered %d; %.1f MB of bodies sent%n", polls, sentBytes / 1e6));
    return text + "not as it should be: " + (troubles.isEmpty() ? "nothing" : troubles);
  }

  synchronized String shortText() {
    return String.format(
        Locale.ROOT,
        "beats %d, p50 %.1f p99 %.1f ms, polls %d, troubles %s",
        sinceSent.count,
        sinceSent.millis(0.5),
        sinceSent.millis(0.99),
        polls,
        troubles);
  }

  private static String line(String what, Durations one) {
    return String.format(
        Locale.ROOT,
        "%-28s %9d  p50 %.1f  p90 %.1f  p99 %.1f  p99.9 %.1f  slowest %.1f ms%n",
        what,
        one.count,
        one.millis(0.5),
        one.millis(0.9),
        one.millis(0.99),
        one.millis(0.999),
        one.millis(1));
  }
}
