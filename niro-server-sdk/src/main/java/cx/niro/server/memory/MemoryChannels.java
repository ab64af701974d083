package cx.niro.server.memory;

import cx.niro.core.ChannelId;
import cx.niro.core.OrganizationId;
import cx.niro.server.spi.ChannelRow;
import cx.niro.server.spi.ChannelStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

final class MemoryChannels implements ChannelStore {
  private final JournaledMap<ChannelId, ChannelRow, Map<ChannelId, ChannelRow>> rows;
  private final List<Consumer<ChannelId>> onDelete = new ArrayList<>();

  MemoryChannels(Journal journal) {
    rows = new JournaledMap<>(journal, new HashMap<>());
  }

  void onDelete(Consumer<ChannelId> action) {
    onDelete.add(action);
  }

  boolean has(ChannelId id) {
    return rows.get(id) != null;
  }

  @Override
  public boolean insert(ChannelRow channel) {
    return !has(channel.id()) && write(channel);
  }

  @Override
  public Optional<ChannelRow> find(ChannelId id) {
    return Optional.ofNullable(rows.get(id));
  }

  @Override
  public boolean update(ChannelRow channel) {
    return has(channel.id()) && write(channel);
  }

  private boolean write(ChannelRow channel) {
    boolean taken =
        list(channel.organization()).stream()
            .anyMatch(
                other -> other.name().equals(channel.name()) && !other.id().equals(channel.id()));
    if (!taken) {
      rows.put(channel.id(), channel);
    }
    return !taken;
  }

  @Override
  public boolean delete(ChannelId id) {
    if (rows.remove(id) == null) {
      return false;
    }
    onDelete.forEach(action -> action.accept(id));
    return true;
  }

  @Override
  public List<ChannelRow> list(OrganizationId organization) {
    return rows.view().values().stream()
        .filter(row -> row.organization().equals(organization))
        .sorted(Comparator.comparing(ChannelRow::name))
        .toList();
  }
}
