package cx.niro.agent.kubernetes;

import cx.niro.agent.spi.CommandContext;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.RawJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A command that a test gives, and may cancel. */
final class GivenCommand implements CommandContext {
  private final String kind;
  private final RawJson payload;
  private final List<Runnable> onCancel = new ArrayList<>();
  private final AtomicInteger looksUntilCancelled = new AtomicInteger(Integer.MAX_VALUE);
  private Duration remaining = Duration.ofMinutes(5);

  GivenCommand(String kind, RawJson payload) {
    this.kind = kind;
    this.payload = payload;
  }

  /** Cancelled once the handler has looked so many times. */
  GivenCommand cancelledAfter(int looks) {
    looksUntilCancelled.set(looks);
    return this;
  }

  GivenCommand overdue() {
    remaining = Duration.ZERO;
    return this;
  }

  @Override
  public CommandId id() {
    return new CommandId("cmd-1");
  }

  @Override
  public String kind() {
    return kind;
  }

  @Override
  public RawJson payload() {
    return payload;
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public Optional<Duration> remaining() {
    return Optional.of(remaining);
  }

  @Override
  public synchronized boolean isCancelled() {
    if (looksUntilCancelled.decrementAndGet() > 0) {
      return false;
    }
    looksUntilCancelled.set(0);
    onCancel.forEach(Runnable::run);
    onCancel.clear();
    return true;
  }

  @Override
  public synchronized void onCancel(Runnable action) {
    onCancel.add(action);
  }
}
