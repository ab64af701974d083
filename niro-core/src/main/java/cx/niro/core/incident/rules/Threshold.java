package cx.niro.core.incident.rules;

import java.time.Duration;
import java.util.Locale;

/**
 * A number that a rule compares with: a time or a count, with its default and with the value of the
 * conservative profile, which is kubernetes-mixin's where that has one. What is not listed here is
 * part of a rule's definition and not a setting.
 */
public enum Threshold {
  /** How long Ready must be False. */
  NODE_NOT_READY_FOR(Duration.ofMinutes(2), Duration.ofMinutes(15)),
  /** How long Ready must be Unknown. */
  NODE_UNREACHABLE_FOR(Duration.ofMinutes(1), Duration.ofMinutes(15)),
  NODE_NOT_READY_CLEAR(Duration.ofMinutes(2), Duration.ofMinutes(2)),

  POD_CRASH_LOOPING_WINDOW(Duration.ofMinutes(10), Duration.ofMinutes(10)),
  /** More restarts than these within the window are a loop. */
  POD_CRASH_LOOPING_RESTARTS(3, 3),
  POD_CRASH_LOOPING_JOB_RESTARTS(5, 5),

  IMAGE_PULL_ERROR_FOR(Duration.ofMinutes(2), Duration.ofHours(1)),
  CONTAINER_CONFIG_ERROR_FOR(Duration.ofMinutes(1), Duration.ofHours(1)),
  INIT_CONTAINER_FAILING_FOR(Duration.ofMinutes(1), Duration.ofMinutes(15)),
  /** As many failing restarts within an hour open. */
  POD_RESTARTING_HOURLY(3, 3),
  /** As many failing restarts within a day open. */
  POD_RESTARTING_DAILY(6, 6),
  POD_UNSCHEDULABLE_FOR(Duration.ofMinutes(3), Duration.ofMinutes(15)),
  POD_STUCK_PENDING_FOR(Duration.ofMinutes(10), Duration.ofMinutes(15)),
  POD_NOT_READY_FOR(Duration.ofMinutes(10), Duration.ofMinutes(15)),
  POD_NOT_READY_CLEAR(Duration.ofMinutes(2), Duration.ofMinutes(2)),
  /** From the first to the last failed mount. */
  VOLUME_MOUNT_FAILED_FOR(Duration.ofMinutes(3), Duration.ofMinutes(15));

  private final boolean time;
  private final long standard;
  private final long conservative;

  Threshold(Duration standard, Duration conservative) {
    this.time = true;
    this.standard = standard.toMillis();
    this.conservative = conservative.toMillis();
  }

  Threshold(int standard, int conservative) {
    this.time = false;
    this.standard = standard;
    this.conservative = conservative;
  }

  /** The name in settings, for example {@code node-not-ready-for}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it is a time rather than a count or a percentage. */
  public boolean isTime() {
    return time;
  }

  /** Milliseconds or a count. */
  long standard() {
    return standard;
  }

  /** Milliseconds or a count. */
  long conservative() {
    return conservative;
  }
}
