package cx.niro.server.memory;

import cx.niro.core.ChannelId;
import cx.niro.server.spi.GroupRow;
import cx.niro.server.spi.MarkRow;
import cx.niro.server.spi.OutboxStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

final class MemoryOutbox implements OutboxStore {
  private record Key(ChannelId channel, String groupKey) {
    static Key of(GroupRow row) {
      return new Key(row.channel(), row.groupKey());
    }
  }

  private final MemoryChannels channels;
  private final JournaledMap<Long, MarkRow, NavigableMap<Long, MarkRow>> marks;
  private final JournaledMap<Key, GroupRow, Map<Key, GroupRow>> groups;
  private long marked;

  MemoryOutbox(Journal journal, MemoryChannels channels) {
    this.channels = channels;
    marks = new JournaledMap<>(journal, new TreeMap<>());
    groups = new JournaledMap<>(journal, new HashMap<>());
  }

  @Override
  public void mark(MarkRow mark) {
    marks.put(marked++, mark);
  }

  @Override
  public List<MarkRow> takeMarks(int limit) {
    List<MarkRow> taken = new ArrayList<>();
    for (Long number : marks.view().keySet().stream().limit(limit).toList()) {
      MarkRow mark = marks.remove(number);
      if (mark != null) {
        taken.add(mark);
      }
    }
    return taken;
  }

  @Override
  public Optional<GroupRow> group(ChannelId channel, String groupKey) {
    return Optional.ofNullable(groups.get(new Key(channel, groupKey)));
  }

  @Override
  public List<GroupRow> groups(String groupKey) {
    return groups.view().values().stream()
        .filter(row -> row.groupKey().equals(groupKey))
        .sorted(Comparator.comparing(row -> row.channel().value()))
        .toList();
  }

  @Override
  public List<GroupRow> nextGroups(int limit) {
    return groups.view().values().stream()
        .sorted(Comparator.comparing(GroupRow::dueAt))
        .limit(limit)
        .toList();
  }

  @Override
  public void save(GroupRow group) {
    if (channels.has(group.channel())) {
      groups.put(Key.of(group), group);
    }
  }

  @Override
  public void delete(GroupRow group) {
    groups.remove(Key.of(group));
  }

  void forget(ChannelId channel) {
    groups.view().keySet().stream()
        .filter(key -> key.channel().equals(channel))
        .toList()
        .forEach(groups::remove);
  }
}
