package cx.niro.server.notify;

import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Notifier;
import cx.niro.server.spi.Outcome;
import java.time.InstantSource;
import java.util.Map;

/** Sends what a format makes. */
final class HttpNotifier implements Notifier {
  private final Format format;
  private final HttpDoor door;
  private final InstantSource clock;

  HttpNotifier(Format format, HttpDoor door, InstantSource clock) {
    this.format = format;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public Outcome send(Notice notice, Map<String, String> settings) {
    return door.post(format.of(notice, settings, clock.instant()));
  }

  @Override
  public void check(Map<String, String> settings) {
    format.needs().check(settings);
    String url = settings.get("url");
    if (url != null) {
      door.check(url);
    }
    if (settings.containsKey("secret")) {
      WebhookFormat.key(settings);
    }
  }
}
