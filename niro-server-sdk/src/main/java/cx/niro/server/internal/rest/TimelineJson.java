package cx.niro.server.internal.rest;

import cx.niro.server.spi.TimelineEntry;
import java.time.Instant;
import java.util.Map;

/** One line of a timeline. */
public record TimelineJson(Instant at, String kind, String summary, Map<String, String> details) {
  public static TimelineJson of(TimelineEntry entry) {
    return new TimelineJson(entry.at(), entry.kind(), entry.summary(), entry.details());
  }
}
