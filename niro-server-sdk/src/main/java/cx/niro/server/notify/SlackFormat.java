package cx.niro.server.notify;

import cx.niro.server.spi.Notice;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** An incoming webhook of Slack; the three characters that steer its markup are escaped. */
final class SlackFormat implements Format {
  @Override
  public Needs needs() {
    return new Needs(Set.of("url"), Set.of());
  }

  @Override
  public Message of(Notice notice, Map<String, String> settings, Instant now) {
    String text = ChatText.of(notice, SlackFormat::escape, "*");
    Object body =
        Json.object("text", text, "unfurl_links", false, "unfurl_media", false, "mrkdwn", true);
    return new Message(settings.getOrDefault("url", ""), Map.of(), Json.text(body));
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
