package cx.niro.server.notify;

import cx.niro.server.spi.Links;
import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Notice.Change;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message as lines for people, with somebody else's texts escaped for the chat. */
final class ChatText {
  private static final String APART = " · ";

  private final Markup markup;
  private final Links links;

  ChatText(Markup markup, Links links) {
    this.markup = markup;
    this.links = links;
  }

  String of(Notice notice) {
    StringBuilder text = new StringBuilder();
    text.append(sign(notice)).append(' ').append(markup.bold(markup.escape(notice.title())));
    if (notice.incidents().size() > 1) {
      notice.incidents().forEach(incident -> text.append('\n').append(line(incident)));
    }
    if (notice.omitted() > 0) {
      text.append("\nand ").append(notice.omitted()).append(" more");
    }
    notice.incidents().stream()
        .limit(notice.incidents().size() == 1 ? 1 : 0)
        .forEach(incident -> text.append('\n').append(facts(incident)));
    return text.toString();
  }

  private static String sign(Notice notice) {
    return switch (notice.event()) {
      case OPENED, REPEATED -> "\uD83D\uDD34";
      case RESOLVED -> notice.firing() == 0 ? "\uD83D\uDFE2" : "\uD83D\uDFE1";
      case ACKNOWLEDGED, TEST -> "\uD83D\uDD35";
    };
  }

  private String line(Notice.Incident incident) {
    String done = incident.change() == Change.RESOLVED ? "resolved: " : "";
    String told = markup.escape(incident.clusterName() + ": " + incident.summary());
    List<String> parts = new ArrayList<>();
    parts.add("• " + done + incident.severity().wireName() + " " + told);
    add(parts, links.incident(incident.id()), "open");
    return String.join(APART, parts);
  }

  private String facts(Notice.Incident incident) {
    List<String> parts = new ArrayList<>();
    parts.add(incident.severity().wireName());
    parts.add(markup.escape(incident.type()));
    parts.add(markup.escape(incident.scope()));
    parts.add("since " + incident.since());
    add(parts, links.incident(incident.id()), "incident");
    add(parts, links.cluster(incident.cluster()), "cluster");
    return String.join(APART, parts);
  }

  private void add(List<String> parts, @Nullable URI url, String label) {
    if (url != null) {
      parts.add(markup.link(url, label));
    }
  }
}
