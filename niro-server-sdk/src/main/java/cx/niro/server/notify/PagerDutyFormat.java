package cx.niro.server.notify;

import cx.niro.core.ClusterId;
import cx.niro.core.SecretHash;
import cx.niro.core.Severity;
import cx.niro.server.spi.Links;
import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Notice.Event;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** PagerDuty's Events API v2: one alert for each group, ended when nothing of it fires. */
final class PagerDutyFormat implements Format {
  private static final String URL = "https://events.pagerduty.com/v2/enqueue";
  private static final int LINKED = 10;

  private final Links links;

  PagerDutyFormat(Links links) {
    this.links = links;
  }

  @Override
  public Needs needs() {
    return new Needs(Set.of("routingKey"), Set.of("url"));
  }

  @Override
  public Message of(Notice notice, Map<String, String> settings, Instant now) {
    String action = action(notice);
    boolean trigger = action.equals("trigger");
    Object body =
        Json.object(
            "routing_key",
            settings.get("routingKey"),
            "event_action",
            action,
            "dedup_key",
            SecretHash.of(notice.group()).hex(),
            "payload",
            trigger ? payload(notice) : null,
            "links",
            trigger ? linksOf(notice) : null,
            "client",
            "Niro",
            "client_url",
            trigger ? firstUrl(notice) : null);
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

  /** None when there is nothing to link to. */
  private @Nullable List<Map<String, Object>> linksOf(Notice notice) {
    List<Map<String, Object>> all = new ArrayList<>();
    Set<ClusterId> clusters = new LinkedHashSet<>();
    for (Notice.Incident incident : notice.incidents().stream().limit(LINKED).toList()) {
      link(all, links.incident(incident.id()), incident.summary());
      clusters.add(incident.cluster());
    }
    for (ClusterId cluster : clusters) {
      link(all, links.cluster(cluster), "Cluster " + cluster);
    }
    return all.isEmpty() ? null : all;
  }

  private static void link(List<Map<String, Object>> all, @Nullable URI url, String text) {
    if (url != null) {
      all.add(Json.object("href", url.toString(), "text", text));
    }
  }

  private @Nullable String firstUrl(Notice notice) {
    return notice.incidents().isEmpty()
        ? null
        : Json.url(links.incident(notice.incidents().get(0).id()));
  }

  private Map<String, Object> payload(Notice notice) {
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
                "incidents", WebhookFormat.incidents(notice.incidents(), links)));
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
