package cx.niro.server.notify;

import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Notice.Change;
import java.util.function.UnaryOperator;

/** A message as lines for people, with somebody else's texts escaped for the chat. */
final class ChatText {
  private ChatText() {}

  static String of(Notice notice, UnaryOperator<String> escape, String bold) {
    StringBuilder text = new StringBuilder();
    text.append(sign(notice)).append(' ').append(bold);
    text.append(escape.apply(notice.title())).append(bold);
    if (notice.incidents().size() > 1) {
      notice.incidents().forEach(incident -> text.append('\n').append(line(incident, escape)));
    }
    if (notice.omitted() > 0) {
      text.append("\nand ").append(notice.omitted()).append(" more");
    }
    notice.incidents().stream()
        .limit(notice.incidents().size() == 1 ? 1 : 0)
        .forEach(incident -> text.append('\n').append(facts(incident, escape)));
    return text.toString();
  }

  private static String sign(Notice notice) {
    return switch (notice.event()) {
      case OPENED, REPEATED -> "\uD83D\uDD34";
      case RESOLVED -> notice.firing() == 0 ? "\uD83D\uDFE2" : "\uD83D\uDFE1";
      case ACKNOWLEDGED, TEST -> "\uD83D\uDD35";
    };
  }

  private static String line(Notice.Incident incident, UnaryOperator<String> escape) {
    String done = incident.change() == Change.RESOLVED ? "resolved: " : "";
    return "• "
        + done
        + incident.severity().wireName()
        + " "
        + escape.apply(incident.clusterName() + ": " + incident.summary());
  }

  private static String facts(Notice.Incident incident, UnaryOperator<String> escape) {
    return incident.severity().wireName()
        + " · "
        + escape.apply(incident.type())
        + " · "
        + escape.apply(incident.scope())
        + " · since "
        + incident.since();
  }
}
