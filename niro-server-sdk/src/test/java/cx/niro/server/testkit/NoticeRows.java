package cx.niro.server.testkit;

import cx.niro.core.ChannelId;
import cx.niro.core.ClusterId;
import cx.niro.core.DeliveryId;
import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.server.spi.ChannelRow;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.DeliveryRow;
import cx.niro.server.spi.DeliveryRow.Progress;
import cx.niro.server.spi.DeliveryRow.State;
import cx.niro.server.spi.GroupRow;
import cx.niro.server.spi.MarkRow;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** Rows of notifications for the contracts. */
final class NoticeRows {
  private NoticeRows() {}

  static ChannelRow channel(String id) {
    ChannelSelector selector =
        new ChannelSelector(
            Set.of(new ClusterId("edge"), new ClusterId("other")),
            Set.of(Environment.PRODUCTION),
            Map.of("site", "nörd \" 😀"),
            Set.of("node_not_ready"));
    return new ChannelRow(
        new ChannelId(id),
        StoreRows.ACME,
        id + " name",
        "slack",
        true,
        Severity.MEDIUM,
        selector,
        "v1.key.sealed",
        StoreRows.T0);
  }

  static ChannelRow renamed(ChannelRow row) {
    return new ChannelRow(
        row.id(),
        row.organization(),
        "renamed",
        row.kind(),
        false,
        Severity.HIGH,
        ChannelSelector.ALL,
        "v1.key.other",
        row.createdAt());
  }

  static MarkRow mark(long second) {
    return new MarkRow(new ClusterId("edge"), "cluster/edge", true, at(second));
  }

  static GroupRow group(String channel, String key, long second) {
    return new GroupRow(new ChannelId(channel), key, at(second), "state ä " + second);
  }

  static DeliveryRow delivery(String channel, String id, long second) {
    return new DeliveryRow(
        new DeliveryId(id),
        new ChannelId(channel),
        "cluster/edge",
        "Title ö of " + id,
        "{\"notice\":\"" + id + "\"}",
        at(0),
        at(86_400),
        new Progress(State.PENDING, 0, at(second), null, null));
  }

  static DeliveryRow sent(String channel, String id) {
    return delivery(channel, id, 1)
        .until(at(90_000))
        .with(new Progress(State.SENT, 3, at(5), at(9), "it failed before"));
  }

  static Instant at(long second) {
    return StoreRows.T0.plusSeconds(second);
  }
}
