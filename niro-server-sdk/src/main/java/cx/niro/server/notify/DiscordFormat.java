package cx.niro.server.notify;

import cx.niro.server.spi.Notice;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A webhook of Discord; nobody is mentioned, and markup in texts is shown as it is written. */
final class DiscordFormat implements Format {
  private static final int MAX_CHARS = 2000;

  @Override
  public Needs needs() {
    return new Needs(Set.of("url"), Set.of());
  }

  @Override
  public Message of(Notice notice, Map<String, String> settings, Instant now) {
    String text = ChatText.of(notice, DiscordFormat::escape, "**");
    Object body =
        Json.object("content", cut(text), "allowed_mentions", Json.object("parse", List.of()));
    return new Message(settings.getOrDefault("url", ""), Map.of(), Json.text(body));
  }

  static String escape(String text) {
    return text.replaceAll("([\\\\*_~`|>\\[\\]()<#@:-])", "\\\\$1");
  }

  private static String cut(String text) {
    if (text.length() <= MAX_CHARS) {
      return text;
    }
    int end = text.lastIndexOf('\n', MAX_CHARS - 2);
    return text.substring(0, end) + "\n…";
  }
}
