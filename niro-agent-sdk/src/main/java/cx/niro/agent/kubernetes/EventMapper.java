package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.WarningEvent.InvolvedObject;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An event from its JSON; both the older and the newer way to count and date it are read. */
final class EventMapper {
  private static final int MESSAGE = 512;

  private EventMapper() {}

  static WarningEvent map(Json event) {
    Json series = event.child("series");
    Json source = event.child("source");
    String reporter = event.text("reportingComponent");
    String component = source.text("component");
    return new WarningEvent(
        Metadata.of(event),
        event.text("reason"),
        event.text("message", MESSAGE),
        event.child("involvedObject", EventMapper::involved),
        component == null ? reporter : component,
        source.text("host"),
        event.text("reportingInstance"),
        count(event, series),
        first(event.instant("firstTimestamp"), event.instant("eventTime"), created(event)),
        first(
            series.instant("lastObservedTime"),
            event.instant("lastTimestamp"),
            event.instant("eventTime"),
            created(event)));
  }

  private static @Nullable InvolvedObject involved(Json object) {
    String kind = object.text("kind");
    String name = object.text("name");
    return kind == null || name == null
        ? null
        : new InvolvedObject(
            kind, object.text("namespace"), name, object.text("uid"), object.text("fieldPath"));
  }

  private static int count(Json event, Json series) {
    int counted = Math.max(series.counter("count"), event.counter("count"));
    return Math.max(1, counted);
  }

  private static @Nullable Long created(Json event) {
    return event.child("metadata").instant("creationTimestamp");
  }

  private static @Nullable Long first(@Nullable Long... candidates) {
    return Stream.of(candidates).filter(Objects::nonNull).findFirst().orElse(null);
  }
}
