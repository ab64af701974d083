package cx.niro.server.notify;

import cx.niro.server.spi.Links;
import cx.niro.server.spi.Notifier;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The notifiers that are there, by kind; they share connections, which {@link #close} ends. A
 * server makes its own unless it is given others.
 */
public final class HttpNotifiers implements AutoCloseable {
  private final HttpDoor door;
  private final Map<String, Notifier> byKind = new LinkedHashMap<>();

  private HttpNotifiers(AllowedTargets allowed, InstantSource clock, Links links) {
    door = new HttpDoor(allowed, clock);
    Map<String, Format> formats =
        Map.of(
            "webhook", new WebhookFormat(links),
            "slack", new SlackFormat(links),
            "discord", new DiscordFormat(links),
            "pagerduty", new PagerDutyFormat(links),
            "alertmanager", new AlertmanagerFormat(links));
    formats.forEach((kind, format) -> byKind.put(kind, new HttpNotifier(format, door, clock)));
  }

  /**
   * Makes them; connects only when they send.
   *
   * @param clock for the time in signatures and the end of alerts
   */
  public static HttpNotifiers create(AllowedTargets allowed, InstantSource clock, Links links) {
    return new HttpNotifiers(allowed, clock, links);
  }

  /** {@code webhook}, {@code slack}, {@code discord}, {@code pagerduty}, {@code alertmanager}. */
  public Map<String, Notifier> byKind() {
    return Map.copyOf(byKind);
  }

  @Override
  public void close() {
    door.close();
  }
}
