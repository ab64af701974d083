package cx.niro.server.internal.rest;

import cx.niro.core.ClusterId;
import cx.niro.server.Channels.ChannelView;
import cx.niro.server.spi.ChannelRow;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.DeliveryRow;
import cx.niro.server.spi.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A channel; of its settings only the names. */
public record ChannelJson(
    String id,
    String organization,
    String name,
    String kind,
    boolean enabled,
    String minimumSeverity,
    Selector selector,
    List<String> settings,
    @Nullable String target,
    Instant createdAt) {

  public static ChannelJson of(ChannelView view) {
    ChannelRow row = view.channel();
    return new ChannelJson(
        row.id().value(),
        row.organization().value(),
        row.name(),
        row.kind(),
        row.enabled(),
        row.minimumSeverity().wireName(),
        Selector.of(row.selector()),
        List.copyOf(view.settings()),
        view.target(),
        row.createdAt());
  }

  /** Which incidents it tells. */
  public record Selector(
      List<String> clusters,
      List<String> environments,
      Map<String, String> labels,
      List<String> types) {
    static Selector of(ChannelSelector selector) {
      return new Selector(
          selector.clusters().stream().map(ClusterId::value).sorted().toList(),
          selector.environments().stream().sorted().map(each -> each.wireName()).toList(),
          new TreeMap<>(selector.labels()),
          selector.types().stream().sorted().toList());
    }
  }

  /** One message. */
  public record Delivery(
      String id,
      String group,
      String title,
      String state,
      int attempts,
      Instant createdAt,
      @Nullable Instant nextAttemptAt,
      @Nullable Instant finishedAt,
      @Nullable String lastError) {
    public static Delivery of(DeliveryRow row) {
      DeliveryRow.Progress progress = row.progress();
      return new Delivery(
          row.id().value(),
          row.groupKey(),
          row.title(),
          progress.state().wireName(),
          progress.attempts(),
          row.createdAt(),
          progress.state() == DeliveryRow.State.PENDING ? progress.nextAt() : null,
          progress.finishedAt(),
          progress.lastError());
    }
  }

  /** What came of a test. */
  public record Tested(boolean sent, String why) {
    public static Tested of(Outcome outcome) {
      return new Tested(outcome.kind() == Outcome.Kind.SENT, outcome.why());
    }
  }
}
