package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import java.time.Instant;
import java.util.Map;

/**
 * One line of a cluster's timeline.
 *
 * @param kind in snake_case, for example {@code enrolled}, {@code incident_opened}, {@code
 *     command_finished}
 * @param summary one sentence for people
 * @param details the facts behind the sentence
 */
public record TimelineEntry(
    ClusterId cluster, Instant at, String kind, String summary, Map<String, String> details) {
  public TimelineEntry {
    details = Map.copyOf(details);
  }
}
