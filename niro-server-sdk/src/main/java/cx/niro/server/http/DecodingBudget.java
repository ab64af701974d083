package cx.niro.server.http;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of request bodies may be in memory at once, over all requests. */
final class DecodingBudget implements ByteBudget {
  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  DecodingBudget(long limit) {
    this.limit = limit;
  }

  @Override
  public boolean take(long bytes) {
    if (taken.addAndGet(bytes) <= limit) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  @Override
  public void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  long taken() {
    return taken.get();
  }

  long free() {
    return Math.max(0, limit - taken.get());
  }
}
