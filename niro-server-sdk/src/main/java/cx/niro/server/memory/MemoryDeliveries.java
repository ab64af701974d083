package cx.niro.server.memory;

import cx.niro.core.ChannelId;
import cx.niro.core.DeliveryId;
import cx.niro.server.spi.DeliveryRow;
import cx.niro.server.spi.DeliveryRow.Progress;
import cx.niro.server.spi.DeliveryStore;
import cx.niro.server.spi.Page;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

final class MemoryDeliveries implements DeliveryStore {
  private final MemoryChannels channels;
  private final JournaledMap<Long, DeliveryRow, NavigableMap<Long, DeliveryRow>> rows;
  private final JournaledMap<DeliveryId, Long, Map<DeliveryId, Long>> numbers;
  private long appended;

  MemoryDeliveries(Journal journal, MemoryChannels channels) {
    this.channels = channels;
    rows = new JournaledMap<>(journal, new TreeMap<>());
    numbers = new JournaledMap<>(journal, new HashMap<>());
  }

  @Override
  public void append(DeliveryRow delivery) {
    if (channels.has(delivery.channel())) {
      rows.put(appended, delivery);
      numbers.put(delivery.id(), appended++);
    }
  }

  @Override
  public List<DeliveryRow> heads(int limit) {
    Map<ChannelId, DeliveryRow> heads = new LinkedHashMap<>();
    rows.view().values().stream()
        .filter(row -> row.progress().state() == DeliveryRow.State.PENDING)
        .forEach(row -> heads.putIfAbsent(row.channel(), row));
    return heads.values().stream()
        .sorted(Comparator.comparing(row -> row.progress().nextAt()))
        .limit(limit)
        .toList();
  }

  @Override
  public Optional<DeliveryRow> find(DeliveryId id) {
    return Optional.ofNullable(numbers.get(id)).map(rows::get);
  }

  @Override
  public void update(DeliveryRow delivery) {
    Long number = numbers.get(delivery.id());
    if (number != null) {
      rows.put(number, delivery);
    }
  }

  @Override
  public boolean claim(DeliveryRow seen, Instant nextAt) {
    Progress was = seen.progress();
    Optional<DeliveryRow> row =
        find(seen.id())
            .filter(there -> there.progress().state() == DeliveryRow.State.PENDING)
            .filter(there -> there.progress().attempts() == was.attempts())
            .filter(there -> there.progress().nextAt().equals(was.nextAt()));
    row.map(there -> there.with(there.progress().notBefore(nextAt))).ifPresent(this::update);
    return row.isPresent();
  }

  @Override
  public Page<DeliveryRow> list(
      ChannelId channel, DeliveryRow.@Nullable State state, Page.Request page) {
    return Pages.newestFirst(
        rows.view(),
        row -> row.channel().equals(channel) && (state == null || row.progress().state() == state),
        page);
  }

  @Override
  public int deleteFinishedBefore(Instant before, int limit) {
    return delete(
        row -> {
          Instant finished = row.progress().finishedAt();
          return finished != null && finished.isBefore(before);
        },
        limit);
  }

  void forget(ChannelId channel) {
    delete(row -> row.channel().equals(channel), Integer.MAX_VALUE);
  }

  private int delete(Predicate<DeliveryRow> which, int limit) {
    List<Map.Entry<Long, DeliveryRow>> gone =
        rows.view().entrySet().stream()
            .filter(entry -> which.test(entry.getValue()))
            .limit(limit)
            .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
            .toList();
    for (Map.Entry<Long, DeliveryRow> entry : gone) {
      rows.remove(entry.getKey());
      numbers.remove(entry.getValue().id());
    }
    return gone.size();
  }
}
