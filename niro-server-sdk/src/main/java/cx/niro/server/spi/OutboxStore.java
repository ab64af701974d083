package cx.niro.server.spi;

import cx.niro.core.ChannelId;
import java.util.List;
import java.util.Optional;

/**
 * What happened and was not told yet. A mark is written in the transaction of an incident's step;
 * groups gather for each channel what becomes one message.
 */
public interface OutboxStore {
  /** Appends a mark; also for a cluster that is gone, for what was told of it has to be ended. */
  void mark(MarkRow mark);

  /** Removes and returns the oldest marks, in the order of their arrival. */
  List<MarkRow> takeMarks(int limit);

  Optional<GroupRow> group(ChannelId channel, String groupKey);

  /** The groups of this key, in every channel. */
  List<GroupRow> groups(String groupKey);

  /** Groups by {@link GroupRow#dueAt}, the earliest first, those of the future too. */
  List<GroupRow> nextGroups(int limit);

  /** Writes over the group of this channel and key; nothing when the channel is gone. */
  void save(GroupRow group);

  void delete(GroupRow group);
}
