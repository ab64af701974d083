package cx.niro.server.internal.outbox;

import cx.niro.core.ChannelId;
import cx.niro.core.ClusterId;
import cx.niro.core.OrganizationId;
import cx.niro.server.spi.ChannelRow;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.GroupRow;
import cx.niro.server.spi.MarkRow;
import cx.niro.server.spi.OutboxStore;
import cx.niro.server.spi.StoreTx;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Spreads marks over the groups of the channels that may have to tell them. */
final class Grouping {
  private static final int MARKS = 1000;

  private final StoreTx tx;
  private final OutboxStore outbox;
  private final Homes homes;
  private final Map<OrganizationId, List<ChannelRow>> channels = new HashMap<>();

  private Grouping(StoreTx tx, Homes homes) {
    this.tx = tx;
    this.outbox = tx.notifications().outbox();
    this.homes = homes;
  }

  /** Marks of one group key taken together. */
  private static final class Heap {
    private final Set<ClusterId> clusters = new LinkedHashSet<>();
    private Instant firstAt = Instant.MAX;
    private boolean urgent;

    void add(MarkRow mark) {
      clusters.add(mark.cluster());
      urgent |= mark.urgent();
      firstAt = mark.at().isBefore(firstAt) ? mark.at() : firstAt;
    }
  }

  /**
   * Whether there are more than were taken. What is marked meanwhile waits for the next look: a
   * group of a whole fleet is rewritten each time, and nobody else can write then.
   */
  static boolean route(StoreTx tx, Homes homes) {
    List<MarkRow> marks = tx.notifications().outbox().takeMarks(MARKS);
    Map<String, Heap> heaps = new LinkedHashMap<>();
    marks.forEach(mark -> heaps.computeIfAbsent(mark.groupKey(), key -> new Heap()).add(mark));
    Grouping grouping = new Grouping(tx, homes);
    heaps.forEach(grouping::spread);
    return marks.size() == MARKS;
  }

  private void spread(String key, Heap heap) {
    Map<ChannelId, GroupRow> known = new HashMap<>();
    outbox.groups(key).forEach(group -> known.put(group.channel(), group));
    Set<ChannelId> all = new LinkedHashSet<>(known.keySet());
    organizations(heap.clusters)
        .forEach(
            organization ->
                channelsOf(organization).stream()
                    .filter(ChannelRow::enabled)
                    .forEach(channel -> all.add(channel.id())));
    for (ChannelId channel : all) {
      outbox.save(next(channel, key, known.get(channel), heap));
    }
  }

  private Set<OrganizationId> organizations(Set<ClusterId> ids) {
    Set<OrganizationId> organizations = new LinkedHashSet<>();
    for (ClusterId id : ids) {
      homes
          .of(id)
          .or(() -> tx.clusters().find(id).map(ClusterRow::organization))
          .ifPresent(organizations::add);
    }
    return organizations;
  }

  private List<ChannelRow> channelsOf(OrganizationId organization) {
    return channels.computeIfAbsent(organization, tx.notifications().channels()::list);
  }

  private static GroupRow next(ChannelId channel, String key, @Nullable GroupRow known, Heap heap) {
    GroupState state = known == null ? GroupState.NEW : GroupState.parse(known.state());
    Instant due = GroupPlan.due(state, heap.urgent, heap.firstAt);
    Instant dueAt = known == null || due.isBefore(known.dueAt()) ? due : known.dueAt();
    return new GroupRow(channel, key, dueAt, state.with(heap.clusters).text());
  }
}
