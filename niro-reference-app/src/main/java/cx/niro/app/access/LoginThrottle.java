package cx.niro.app.access;

import cx.niro.core.ErrorCode;
import cx.niro.core.RetryLaterException;
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
 * accounts after 50. Safe from any thread; remembers at most 10,000 pairs.
 */
final class LoginThrottle {
  static final int FREE_TRIES = 5;
  static final int FREE_TRIES_PER_ADDRESS = 50;
  private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
  private static final int REMEMBERED = 10_000;

  private record Failures(int count, Instant last) {}

  private final InstantSource clock;
  private final Map<String, Failures> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > REMEMBERED;
        }
      };

  LoginThrottle(InstantSource clock) {
    this.clock = clock;
  }

  /** Refuses a try that comes too early; one that may go on counts as failed until it succeeds. */
  synchronized void enter(String account, String address) {
    check(pair(account, address), FREE_TRIES);
    check(address, FREE_TRIES_PER_ADDRESS);
    count(pair(account, address));
    count(address);
  }

  /** Forgets what failed before. */
  synchronized void succeeded(String account, String address) {
    failures.remove(pair(account, address));
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
      throw new RetryLaterException(
          ErrorCode.TOO_MANY_REQUESTS,
          "too many wrong passwords; try again in " + (left.toSeconds() + 1) + " s");
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
}
