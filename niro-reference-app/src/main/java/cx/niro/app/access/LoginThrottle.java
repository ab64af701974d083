package cx.niro.app.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Slows guessing down: after five wrong passwords for one account from one address each further try
 * has to wait, twice as long every time, up to 15 minutes. The same for one address over all
 * accounts after 50, but for accounts that have logged in from there before: else one of many
 * behind an address could lock out the others. Safe from any thread; remembers at most 10,000 pairs
 * of each.
 */
final class LoginThrottle {
  static final int FREE_TRIES = 5;
  static final int FREE_TRIES_PER_ADDRESS = 50;
  private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
  private static final int REMEMBERED = 10_000;

  private record Failures(int count, Instant last) {}

  private final InstantSource clock;
  private final Map<String, Failures> failures = new Recent<>();

  /** Pairs that were right before, and when. */
  private final Map<String, Instant> right = new Recent<>();

  LoginThrottle(InstantSource clock) {
    this.clock = clock;
  }

  /** Refuses a try that comes too early; one that may go on counts as failed until it succeeds. */
  synchronized void enter(String account, String address) {
    check(pair(account, address), FREE_TRIES);
    if (right.get(pair(account, address)) == null) {
      check(address, FREE_TRIES_PER_ADDRESS);
    }
    count(pair(account, address));
    count(address);
  }

  /** Forgets what failed before. */
  synchronized void succeeded(String account, String address) {
    failures.remove(pair(account, address));
    right.put(pair(account, address), clock.instant());
    failures.computeIfPresent(
        address, (key, old) -> new Failures(Math.max(0, old.count() - 1), old.last()));
    forgetOld();
  }

  private void check(String key, int free) {
    Failures known = failures.get(key);
    if (known == null || known.count() < free) {
      return;
    }
    Duration wait = waitAfter(known.count() - free);
    Duration left = Duration.between(clock.instant(), known.last().plus(wait));
    if (!left.isNegative() && !left.isZero()) {
      throw new TooManyTriesException("too many wrong passwords", left);
    }
  }

  private static Duration waitAfter(int tooMany) {
    Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(tooMany, 20));
    return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
  }

  private void count(String key) {
    Instant now = clock.instant();
    failures.merge(key, new Failures(1, now), (old, one) -> new Failures(old.count() + 1, now));
  }

  private void forgetOld() {
    Instant old = clock.instant().minus(LONGEST_WAIT);
    for (Iterator<Failures> each = failures.values().iterator(); each.hasNext(); ) {
      if (each.next().last().isBefore(old)) {
        each.remove();
      }
    }
  }

  private static String pair(String account, String address) {
    return account.toLowerCase(Locale.ROOT) + "\n" + address;
  }

  /** Forgets what was asked for the longest time ago. */
  private static final class Recent<T> extends LinkedHashMap<String, T> {
    private static final long serialVersionUID = 1L;

    Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
      return size() > REMEMBERED;
    }
  }
}
