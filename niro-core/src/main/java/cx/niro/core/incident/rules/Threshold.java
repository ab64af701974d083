package cx.niro.core.incident.rules;

import java.time.Duration;
import java.util.Locale;

/**
 * A number that a rule compares with: a time or a count, with its default and with the value of the
 * conservative profile, which is kubernetes-mixin's where that has one. What is not listed here is
 * part of a rule's definition and not a setting.
 */
public enum Threshold {
  /** Fewer heartbeats than this percentage of those announced are degraded. */
  HEARTBEAT_DEGRADED_PERCENT(70, 70),
  /** As many gaps of over 3 intervals within 15 minutes are degraded. */
  HEARTBEAT_DEGRADED_GAPS(3, 3),
  HEARTBEAT_DEGRADED_FOR(Duration.ofMinutes(15), Duration.ofMinutes(15)),
  HEARTBEAT_DEGRADED_CLEAR_PERCENT(90, 90),
  HEARTBEAT_DEGRADED_CLEAR(Duration.ofMinutes(10), Duration.ofMinutes(10)),

  /** A clock that is further off than this is wrong. */
  CLOCK_SKEW(Duration.ofSeconds(30), Duration.ofSeconds(30)),
  /** A clock that is further off than this is worse. */
  CLOCK_SKEW_FAR(Duration.ofMinutes(5), Duration.ofMinutes(5)),
  CLOCK_SKEW_FOR(Duration.ofMinutes(5), Duration.ofMinutes(10)),
  CLOCK_SKEW_CLEAR_BELOW(Duration.ofSeconds(15), Duration.ofSeconds(15)),
  CLOCK_SKEW_CLEAR(Duration.ofMinutes(10), Duration.ofMinutes(10)),

  AGENT_RESTART_LOOP_WINDOW(Duration.ofMinutes(15), Duration.ofMinutes(15)),
  /** As many new agent processes within the window are a loop. */
  AGENT_RESTART_LOOP_STARTS(3, 3),
  /** How long one process must go on. */
  AGENT_RESTART_LOOP_CLEAR(Duration.ofMinutes(30), Duration.ofMinutes(30)),

  INVENTORY_INCOMPLETE_FOR(Duration.ofMinutes(10), Duration.ofMinutes(15)),
  INVENTORY_INCOMPLETE_CLEAR(Duration.ofSeconds(30), Duration.ofSeconds(30)),

  API_SERVER_UNREACHABLE_FOR(Duration.ofMinutes(2), Duration.ofMinutes(15)),
  API_SERVER_UNREACHABLE_CLEAR(Duration.ofMinutes(2), Duration.ofMinutes(2)),

  /** Low severity with less time left than this. */
  CERTIFICATE_EXPIRING_LOW(Duration.ofDays(30), Duration.ofDays(7)),
  /** Medium severity with less time left than this. */
  CERTIFICATE_EXPIRING_MEDIUM(Duration.ofDays(7), Duration.ofDays(7)),
  /** High severity with less time left than this. */
  CERTIFICATE_EXPIRING_HIGH(Duration.ofHours(24), Duration.ofHours(24)),

  /** How long Ready must be False. */
  NODE_NOT_READY_FOR(Duration.ofMinutes(2), Duration.ofMinutes(15)),
  /** How long Ready must be Unknown. */
  NODE_UNREACHABLE_FOR(Duration.ofMinutes(1), Duration.ofMinutes(15)),
  NODE_NOT_READY_CLEAR(Duration.ofMinutes(2), Duration.ofMinutes(2)),

  /** More changes of Ready than these within the window are flapping. */
  NODE_FLAPPING_CHANGES(2, 2),
  NODE_FLAPPING_WINDOW(Duration.ofMinutes(15), Duration.ofMinutes(15)),
  /** How long the changes must go on being too many. */
  NODE_FLAPPING_FOR(Duration.ZERO, Duration.ofMinutes(15)),
  /** How long Ready must not change. */
  NODE_FLAPPING_CLEAR(Duration.ofMinutes(30), Duration.ofMinutes(30)),
  /** Of memory, disk and process ids. */
  NODE_PRESSURE_FOR(Duration.ofMinutes(3), Duration.ofMinutes(10)),
  NODE_PRESSURE_CLEAR(Duration.ofMinutes(5), Duration.ofMinutes(5)),
  NODE_MISSING_FOR(Duration.ofMinutes(5), Duration.ofMinutes(15)),
  /** After so long a missing node is no longer missed. */
  NODE_MISSING_LIMIT(Duration.ofHours(24), Duration.ofHours(24)),
  /** More than so much of what is allocatable. */
  NODE_CPU_SATURATED_PERCENT(90, 90),
  NODE_CPU_SATURATED_CLEAR_PERCENT(80, 80),
  NODE_CPU_SATURATED_FOR(Duration.ofMinutes(15), Duration.ofMinutes(15)),
  NODE_MEMORY_SATURATED_PERCENT(95, 95),
  NODE_MEMORY_SATURATED_CLEAR_PERCENT(88, 88),
  NODE_MEMORY_SATURATED_FOR(Duration.ofMinutes(10), Duration.ofMinutes(15)),
  CONTROL_PLANE_QUORUM_FOR(Duration.ofMinutes(1), Duration.ofMinutes(3)),

  /** How long a rollout must not move until what is missing counts as stuck. */
  ROLLOUT_REST(Duration.ofMinutes(10), Duration.ofMinutes(10)),
  /** How long a passed progress deadline must last. */
  DEPLOYMENT_FAILED_FOR(Duration.ZERO, Duration.ofMinutes(15)),
  /** How long pods must be refused, by a quota for example. */
  DEPLOYMENT_REFUSED_FOR(Duration.ofMinutes(1), Duration.ofMinutes(15)),
  /** How long the controller must not have looked at a changed Deployment. */
  DEPLOYMENT_UNOBSERVED_FOR(Duration.ofMinutes(5), Duration.ofMinutes(15)),
  DEPLOYMENT_UNAVAILABLE_FOR(Duration.ofMinutes(5), Duration.ofMinutes(15)),
  /** The same when no pod at all is available. */
  DEPLOYMENT_DOWN_FOR(Duration.ofMinutes(2), Duration.ofMinutes(15)),
  STATEFULSET_DEGRADED_FOR(Duration.ofMinutes(10), Duration.ofMinutes(15)),
  /** How long an update must have stopped before its end. */
  STATEFULSET_UPDATE_FOR(Duration.ofMinutes(15), Duration.ofMinutes(15)),
  DAEMONSET_DEGRADED_FOR(Duration.ofMinutes(10), Duration.ofMinutes(15)),
  DAEMONSET_REST(Duration.ofMinutes(5), Duration.ofMinutes(5)),
  JOB_FAILED_FOR(Duration.ZERO, Duration.ofMinutes(15)),
  /** After so long a failed Job is history. */
  JOB_FAILED_LIMIT(Duration.ofHours(24), Duration.ofHours(24)),
  K3S_COMPONENT_FOR(Duration.ofMinutes(3), Duration.ofMinutes(15)),

  PVC_PENDING_FOR(Duration.ofMinutes(5), Duration.ofMinutes(5)),

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
