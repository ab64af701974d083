package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.DeliveryId;
import cx.niro.core.IncidentId;
import cx.niro.core.Severity;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message for a channel, before it has the shape of its target. Its texts come from clusters:
 * they are one line of at most 300 characters, and the notifier escapes them for its target.
 *
 * @param id the same in every attempt: the receiver's key to drop what it has already
 * @param group the same in all messages about these incidents, from the first to the last
 * @param title one line
 * @param firing how many of the group still fire after this message
 * @param omitted how many incidents changed and are not listed
 */
public record Notice(
    DeliveryId id,
    Event event,
    String group,
    String title,
    Instant at,
    List<Incident> incidents,
    int firing,
    int omitted) {
  public Notice {
    incidents = List.copyOf(incidents);
  }

  /** Why it is sent. */
  public enum Event {
    OPENED,
    RESOLVED,
    REPEATED,
    ACKNOWLEDGED,
    TEST
  }

  /** What became of one incident since the last message. */
  public enum Change {
    OPENED,
    RAISED,
    RESOLVED,
    ACKNOWLEDGED,
    FIRING
  }

  /**
   * An incident as it is told.
   *
   * @param severity the one that was told last, for a resolved one
   * @param resolvedAt null while it fires
   */
  public record Incident(
      Change change,
      IncidentId id,
      ClusterId cluster,
      String clusterName,
      String type,
      String scope,
      Severity severity,
      String summary,
      Instant since,
      @Nullable Instant resolvedAt,
      @Nullable String resolution) {

    /** The same with another change. */
    public Incident as(Change next) {
      return new Incident(
          next,
          id,
          cluster,
          clusterName,
          type,
          scope,
          severity,
          summary,
          since,
          resolvedAt,
          resolution);
    }

    /** The same with its end. */
    public Incident resolved(Instant at, String reason) {
      return new Incident(
          Change.RESOLVED,
          id,
          cluster,
          clusterName,
          type,
          scope,
          severity,
          summary,
          since,
          at,
          reason);
    }
  }
}
