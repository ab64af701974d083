package cx.niro.server.internal.outbox;

import cx.niro.core.DeliveryId;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.server.internal.outbox.GroupPlan.Audience;
import cx.niro.server.internal.outbox.GroupPlan.Decision;
import cx.niro.server.spi.ChannelRow;
import cx.niro.server.spi.DeliveryRow;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Notice.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** Makes messages: what they list, their title, and their row. */
final class Messages {
  /** After this a message that was not taken is dead. */
  static final Duration PATIENCE = Duration.ofHours(24);

  private static final int MAX_CHARS = 300;
  private static final NiroCodec CODEC = NiroCodec.forRest();

  private Messages() {}

  static List<DeliveryRow> of(
      ChannelRow channel,
      String groupKey,
      Decision decision,
      Audience audience,
      Instant now,
      Supplier<String> newId) {
    List<Notice.Incident> all = decision.changes();
    List<DeliveryRow> rows = new ArrayList<>();
    int listed = audience.listed();
    for (int from = 0; from < all.size() && (from == 0 || audience.wantsAll()); from += listed) {
      List<Notice.Incident> part = all.subList(from, Math.min(all.size(), from + listed));
      Event event = Objects.requireNonNull(decision.event());
      Notice notice =
          new Notice(
              new DeliveryId(newId.get()),
              event,
              channel.id() + ":" + groupKey,
              title(event, all),
              now,
              part,
              decision.next().told().size(),
              audience.wantsAll() ? 0 : all.size() - part.size());
      rows.add(row(channel, groupKey, notice));
    }
    return rows;
  }

  private static DeliveryRow row(ChannelRow channel, String groupKey, Notice notice) {
    Instant now = notice.at();
    return new DeliveryRow(
        notice.id(),
        channel.id(),
        groupKey,
        notice.title(),
        new String(CODEC.encode(notice), StandardCharsets.UTF_8),
        now,
        now.plus(PATIENCE),
        new DeliveryRow.Progress(DeliveryRow.State.PENDING, 0, now, null, null));
  }

  static Notice notice(DeliveryRow row) {
    return CODEC.decode(Notice.class, row.notice().getBytes(StandardCharsets.UTF_8));
  }

  /** The incidents of a message; none when it cannot be read. */
  static List<Notice.Incident> listed(DeliveryRow row) {
    try {
      return notice(row).incidents();
    } catch (DecodingException e) {
      return List.of();
    }
  }

  static Notice test(DeliveryId id, ChannelRow channel, Instant now) {
    String title = "This is a test of the channel " + channel.name();
    return new Notice(id, Event.TEST, channel.id() + ":test", line(title), now, List.of(), 0, 0);
  }

  static Notice.Incident incident(IncidentRow row, String clusterName) {
    return new Notice.Incident(
        Notice.Change.FIRING,
        row.id(),
        row.cluster(),
        line(clusterName),
        row.what().type().name(),
        line(row.what().scope().value()),
        row.telling().severity(),
        line(row.telling().summary()),
        row.began().since(),
        null,
        null);
  }

  private static String title(Event event, List<Notice.Incident> all) {
    Notice.Incident first = all.get(0);
    long clusters = all.stream().map(Notice.Incident::cluster).distinct().count();
    String what =
        all.size() == 1
            ? first.clusterName() + ": " + first.summary()
            : all.size()
                + " incidents in "
                + (clusters == 1 ? first.clusterName() : clusters + " clusters")
                + ": "
                + first.summary();
    return line(prefix(event) + what);
  }

  private static String prefix(Event event) {
    return switch (event) {
      case RESOLVED -> "Resolved: ";
      case REPEATED -> "Still firing: ";
      case ACKNOWLEDGED -> "Acknowledged: ";
      case OPENED, TEST -> "";
    };
  }

  /** Somebody else's text on one line, without what steers terminals or the direction of text. */
  private static String line(String text) {
    String clean = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]+", " ").strip();
    if (clean.length() <= MAX_CHARS) {
      return clean;
    }
    boolean splits = Character.isHighSurrogate(clean.charAt(MAX_CHARS - 2));
    return clean.substring(0, splits ? MAX_CHARS - 2 : MAX_CHARS - 1) + "…";
  }
}
