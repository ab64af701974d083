package cx.niro.server.notify;

import cx.niro.server.spi.Links;
import cx.niro.server.spi.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Alertmanager's API v2: each incident is an alert of its own, and Alertmanager groups them as it
 * is told. An alert ends by itself an hour after its next repetition is due, should its end be
 * lost.
 */
final class AlertmanagerFormat implements Format {
  private static final Duration LASTS = Duration.ofHours(5);

  private final Links links;

  AlertmanagerFormat(Links links) {
    this.links = links;
  }

  @Override
  public Needs needs() {
    return new Needs(Set.of("url"), Set.of("token"));
  }

  @Override
  public Message of(Notice notice, Map<String, String> settings, Instant now) {
    List<Map<String, Object>> alerts =
        notice.incidents().isEmpty()
            ? List.of(test(notice, now))
            : notice.incidents().stream().map(incident -> alert(incident, now)).toList();
    String token = settings.get("token");
    String url = settings.getOrDefault("url", "").replaceAll("/+$", "") + "/api/v2/alerts";
    return new Message(
        url,
        token == null ? Map.of() : Map.of("authorization", "Bearer " + token),
        Json.text(alerts));
  }

  private Map<String, Object> alert(Notice.Incident incident, Instant now) {
    Instant end = incident.resolvedAt();
    return Json.object(
        "labels",
        Json.object(
            "alertname", incident.type(),
            "severity", incident.severity(),
            "cluster", incident.clusterName(),
            "cluster_id", incident.cluster(),
            "scope", incident.scope(),
            "incident", incident.id()),
        "annotations",
        Json.object("summary", incident.summary()),
        "startsAt",
        incident.since(),
        "endsAt",
        end == null ? now.plus(LASTS) : end,
        "generatorURL",
        Json.url(links.incident(incident.id())));
  }

  private static Map<String, Object> test(Notice notice, Instant now) {
    return Json.object(
        "labels",
        Json.object("alertname", "niro_test", "severity", "info"),
        "annotations",
        Json.object("summary", notice.title()),
        "startsAt",
        notice.at(),
        "endsAt",
        now.plusSeconds(60));
  }
}
