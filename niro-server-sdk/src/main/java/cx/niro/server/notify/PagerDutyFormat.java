package cx.niro.server.notify;

import cx.niro.core.SecretHash;
import cx.niro.core.Severity;
import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Notice.Event;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** PagerDuty's Events API v2: one alert for each group, ended when nothing of it fires. */
final class PagerDutyFormat implements Format {
  private static final String URL = "https://events.pagerduty.com/v2/enqueue";

  @Override
  public Needs needs() {
    return new Needs(Set.of("routingKey"), Set.of("url"));
  }

  @Override
  public Message of(Notice notice, Map<String, String> settings, Instant now) {
    String action = action(notice);
    Object body =
        Json.object(
            "routing_key",
            settings.get("routingKey"),
            "event_action",
            action,
            "dedup_key",
            SecretHash.of(notice.group()).hex(),
            "payload",
            action.equals("trigger") ? payload(notice) : null,
            "client",
            "Niro");
    return new Message(settings.getOrDefault("url", URL), Map.of(), Json.text(body));
  }

  private static String action(Notice notice) {
    if (notice.event() == Event.TEST) {
      return "trigger";
    }
    if (notice.firing() == 0) {
      return "resolve";
    }
    return notice.event() == Event.ACKNOWLEDGED ? "acknowledge" : "trigger";
  }

  private static Map<String, Object> payload(Notice notice) {
    Notice.@Nullable Incident first =
        notice.incidents().isEmpty() ? null : notice.incidents().get(0);
    return Json.object(
        "summary", notice.title(),
        "source", first == null ? "niro" : first.clusterName(),
        "severity", severity(notice),
        "timestamp", notice.at(),
        "component", first == null ? null : first.scope(),
        "class", first == null ? null : first.type(),
        "custom_details",
            Json.object(
                "firing", notice.firing(),
                "omitted", notice.omitted(),
                "incidents", WebhookFormat.incidents(notice.incidents())));
  }

  private static String severity(Notice notice) {
    Severity worst =
        notice.incidents().stream()
            .map(Notice.Incident::severity)
            .max(Severity::compareTo)
            .orElse(Severity.INFO);
    return switch (worst) {
      case HIGH -> "critical";
      case MEDIUM -> "error";
      case LOW -> "warning";
      case INFO -> "info";
    };
  }
}
