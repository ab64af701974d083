package cx.niro.server.notify;

import cx.niro.server.spi.Links;
import cx.niro.server.spi.Notice;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A webhook of Discord; nobody is mentioned, and markup in texts is shown as it is written. */
final class DiscordFormat implements Format, Markup {
  private static final int MAX_CHARS = 2000;

  private final ChatText text;

  DiscordFormat(Links links) {
    text = new ChatText(this, links);
  }

  @Override
  public Needs needs() {
    return new Needs(Set.of("url"), Set.of());
  }

  @Override
  public Message of(Notice notice, Map<String, String> settings, Instant now) {
    Object nobody = Json.object("parse", List.of());
    Object body = Json.object("content", cut(text.of(notice)), "allowed_mentions", nobody);
    return new Message(settings.getOrDefault("url", ""), Map.of(), Json.text(body));
  }

  @Override
  public String escape(String text) {
    return text.replaceAll("([\\\\*_~`|>\\[\\]()<#@:-])", "\\\\$1");
  }

  @Override
  public String bold(String escaped) {
    return "**" + escaped + "**";
  }

  /** The angle brackets keep Discord from showing a picture of the page. */
  @Override
  public String link(URI url, String label) {
    return "[" + label + "](<" + url + ">)";
  }

  private static String cut(String text) {
    if (text.length() <= MAX_CHARS) {
      return text;
    }
    int end = text.lastIndexOf('\n', MAX_CHARS - 2);
    return text.substring(0, end) + "\n…";
  }
}
