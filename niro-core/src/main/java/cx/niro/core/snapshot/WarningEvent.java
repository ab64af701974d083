package cx.niro.core.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes event of type Warning.
 *
 * @param count how often it happened, a lower bound; never a count of restarts; null for a number
 *     below zero too
 * @param lastSeenAt series.lastObservedTime, else lastTimestamp, else eventTime, else creation,
 *     epoch milliseconds
 */
public record WarningEvent(
    ObjectMeta meta,
    @Nullable String reason,
    @Nullable @Text(max = 512) String message,
    @Nullable InvolvedObject involved,
    @Nullable String sourceComponent,
    @Nullable String host,
    @Nullable String reportingInstance,
    @Nullable Integer count,
    @Nullable Long firstSeenAt,
    @Nullable Long lastSeenAt)
    implements Resource {

  public WarningEvent {
    count = count == null || count < 0 ? null : count;
  }

  @Override
  public WarningEvent with(ObjectMeta next) {
    return new WarningEvent(
        next,
        reason,
        message,
        involved,
        sourceComponent,
        host,
        reportingInstance,
        count,
        firstSeenAt,
        lastSeenAt);
  }

  @Override
  public Section section() {
    return Section.EVENTS;
  }

  /** What the event is about; {@code fieldPath} names a container. */
  public record InvolvedObject(
      String kind,
      @Nullable String namespace,
      String name,
      @Nullable String uid,
      @Nullable String fieldPath) {}
}
