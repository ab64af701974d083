package cx.niro.server.notify;

import cx.niro.server.spi.Links;
import cx.niro.server.spi.Notice;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** An incoming webhook of Slack; the three characters that steer its markup are escaped. */
final class SlackFormat implements Format, Markup {
  private final ChatText text;

  SlackFormat(Links links) {
    text = new ChatText(this, links);
  }

  @Override
  public Needs needs() {
    return new Needs(Set.of("url"), Set.of());
  }

  @Override
  public Message of(Notice notice, Map<String, String> settings, Instant now) {
    Object body =
        Json.object(
            "text", text.of(notice), "unfurl_links", false, "unfurl_media", false, "mrkdwn", true);
    return new Message(settings.getOrDefault("url", ""), Map.of(), Json.text(body));
  }

  @Override
  public String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  @Override
  public String bold(String escaped) {
    return "*" + escaped + "*";
  }

  @Override
  public String link(URI url, String label) {
    return "<" + escape(url.toString()) + "|" + label + ">";
  }
}
