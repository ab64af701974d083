package cx.niro.server.notify;

import cx.niro.server.spi.Links;
import cx.niro.server.spi.Notice;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signed as Standard Webhooks 1.0 says: HMAC-SHA256 over id, timestamp and body. */
final class WebhookFormat implements Format {
  private static final String PREFIX = "whsec_";
  private static final int LEAST_KEY_BYTES = 24;
  private static final int MOST_KEY_BYTES = 64;

  private final Links links;

  WebhookFormat(Links links) {
    this.links = links;
  }

  @Override
  public Needs needs() {
    return new Needs(Set.of("url", "secret"), Set.of());
  }

  @Override
  public Message of(Notice notice, Map<String, String> settings, Instant now) {
    String body = Json.text(payload(notice));
    String id = notice.id().value();
    String timestamp = Long.toString(now.getEpochSecond());
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", timestamp);
    headers.put("webhook-signature", "v1," + signature(key(settings), id, timestamp, body));
    return new Message(settings.getOrDefault("url", ""), headers, body);
  }

  private Map<String, Object> payload(Notice notice) {
    String event = notice.event().name().toLowerCase(Locale.ROOT);
    return Json.object(
        "type",
        "incidents." + event,
        "timestamp",
        notice.at(),
        "data",
        Json.object(
            "group", notice.group(),
            "title", notice.title(),
            "firing", notice.firing(),
            "omitted", notice.omitted(),
            "incidents", incidents(notice.incidents(), links)));
  }

  static List<Map<String, Object>> incidents(List<Notice.Incident> incidents, Links links) {
    return incidents.stream()
        .map(
            incident ->
                Json.object(
                    "change",
                    incident.change(),
                    "id",
                    incident.id(),
                    "cluster",
                    Json.object(
                        "id",
                        incident.cluster(),
                        "name",
                        incident.clusterName(),
                        "url",
                        Json.url(links.cluster(incident.cluster()))),
                    "type",
                    incident.type(),
                    "scope",
                    incident.scope(),
                    "severity",
                    incident.severity(),
                    "summary",
                    incident.summary(),
                    "since",
                    incident.since(),
                    "resolvedAt",
                    incident.resolvedAt(),
                    "resolution",
                    incident.resolution(),
                    "url",
                    Json.url(links.incident(incident.id()))))
        .toList();
  }

  /**
   * @throws IllegalArgumentException when the setting is not a secret of Standard Webhooks
   */
  static byte[] key(Map<String, String> settings) {
    String secret = settings.getOrDefault("secret", "");
    byte[] key = new byte[0];
    try {
      key = Base64.getDecoder().decode(secret.startsWith(PREFIX) ? secret.substring(6) : "");
    } catch (IllegalArgumentException e) {
      // told below, in one sentence for all
    }
    if (key.length < LEAST_KEY_BYTES || key.length > MOST_KEY_BYTES) {
      throw new IllegalArgumentException(
          "secret must be whsec_ and the base64 of "
              + LEAST_KEY_BYTES
              + " to "
              + MOST_KEY_BYTES
              + " random bytes");
    }
    return key;
  }

  private static String signature(byte[] key, String id, String timestamp, String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      String signed = id + "." + timestamp + "." + body;
      byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }
}
