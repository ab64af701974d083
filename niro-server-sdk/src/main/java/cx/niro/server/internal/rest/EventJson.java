package cx.niro.server.internal.rest;

import cx.niro.core.snapshot.WarningEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A Warning event. */
public record EventJson(
    String uid,
    @Nullable String reason,
    @Nullable String message,
    @Nullable Involved object,
    @Nullable String source,
    @Nullable Integer count,
    @Nullable Instant firstSeenAt,
    @Nullable Instant lastSeenAt) {

  /** What the event is about. */
  public record Involved(String kind, @Nullable String namespace, String name) {}

  public static EventJson of(WarningEvent event) {
    WarningEvent.InvolvedObject about = event.involved();
    return new EventJson(
        event.meta().uid(),
        event.reason(),
        event.message(),
        about == null ? null : new Involved(about.kind(), about.namespace(), about.name()),
        event.sourceComponent() != null ? event.sourceComponent() : event.reportingInstance(),
        event.count(),
        Instants.of(event.firstSeenAt()),
        Instants.of(event.lastSeenAt()));
  }
}
