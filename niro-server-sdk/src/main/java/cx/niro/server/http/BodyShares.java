package cx.niro.server.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What each caller takes of a budget: twice as much as is left free. Alone he has two thirds of it;
 * with others who take all that they can, there is always something free, and small bodies fit in.
 */
final class BodyShares {
  /** Bodies of one caller that may be on their way at the same time. */
  static final int MOST_OF_ONE = 128;

  private final DecodingBudget budget;
  private final ConcurrentHashMap<String, Share> shares = new ConcurrentHashMap<>();

  BodyShares(DecodingBudget budget) {
    this.budget = budget;
  }

  /** One more body of a caller; null when he has as many as he may. {@link Share#end} it. */
  @Nullable Share begin(String caller) {
    Share share =
        shares.compute(
            caller,
            (name, there) -> {
              Share one = there == null ? new Share(name) : there;
              one.bodies.incrementAndGet();
              return one;
            });
    if (share.bodies.get() <= MOST_OF_ONE) {
      return share;
    }
    share.end();
    return null;
  }

  /** How many callers have something on its way or in memory. */
  int callers() {
    return shares.size();
  }

  /** What one caller has. */
  final class Share implements ByteBudget {
    private final String caller;
    private final AtomicInteger bodies = new AtomicInteger();
    private final AtomicLong taken = new AtomicLong();

    private Share(String caller) {
      this.caller = caller;
    }

    @Override
    public boolean take(long bytes) {
      if (taken.addAndGet(bytes) <= 2 * budget.free() && budget.take(bytes)) {
        return true;
      }
      taken.addAndGet(-bytes);
      return false;
    }

    @Override
    public void giveBack(long bytes) {
      budget.giveBack(bytes);
      taken.addAndGet(-bytes);
      forgetIfEmpty();
    }

    /** The body is there, or will never be; what it takes stays taken until it is given back. */
    void end() {
      bodies.decrementAndGet();
      forgetIfEmpty();
    }

    private void forgetIfEmpty() {
      shares.computeIfPresent(
          caller,
          (name, share) -> share.bodies.get() == 0 && share.taken.get() == 0 ? null : share);
    }
  }
}
