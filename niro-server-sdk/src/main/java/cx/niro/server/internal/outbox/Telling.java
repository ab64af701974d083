package cx.niro.server.internal.outbox;

import cx.niro.core.ClusterId;
import cx.niro.server.internal.Platform;
import cx.niro.server.internal.outbox.GroupPlan.Audience;
import cx.niro.server.internal.outbox.GroupPlan.Decision;
import cx.niro.server.internal.outbox.GroupPlan.Seen;
import cx.niro.server.spi.ChannelRow;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.GroupRow;
import cx.niro.server.spi.IncidentFilter;
import cx.niro.server.spi.IncidentRow;
import cx.niro.server.spi.Notice;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.StoreTx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at one group that is due and writes what has to be told, in one transaction. */
final class Telling {
  private static final int AT_ONCE = 1000;

  private final StoreTx tx;
  private final Platform platform;
  private final Silences.Book silences;
  private final ChannelRow channel;
  private final GroupRow group;
  private final Instant now;
  private final ClusterRows clusters;

  private Telling(
      StoreTx tx, Platform platform, Silences silences, ChannelRow channel, GroupRow group) {
    this.tx = tx;
    this.platform = platform;
    this.channel = channel;
    this.group = group;
    this.now = platform.now();
    this.silences = silences.at(tx, now);
    this.clusters = new ClusterRows(tx);
  }

  static void look(StoreTx tx, Platform platform, Silences silences, GroupRow due) {
    Optional<ChannelRow> channel =
        tx.notifications().channels().find(due.channel()).filter(ChannelRow::enabled);
    if (channel.isPresent()) {
      new Telling(tx, platform, silences, channel.get(), due).look();
    } else {
      tx.notifications().outbox().delete(due);
    }
  }

  private void look() {
    GroupState state = GroupState.parse(group.state());
    Audience audience = Audience.of(channel.kind());
    clusters.expect(state.clusters());
    List<Seen> open = seen(openIncidents(state.clusters()));
    List<Notice.Incident> ended = new ArrayList<>();
    leftovers(state, open, ended);
    Decision decision = GroupPlan.decide(state, open, ended, audience, now);
    if (decision.event() != null) {
      Messages.of(channel, group.groupKey(), decision, audience, now, platform::newId)
          .forEach(tx.notifications().deliveries()::append);
    }
    save(decision);
  }

  private void save(Decision decision) {
    Instant dueAt = decision.dueAt();
    if (dueAt == null) {
      tx.notifications().outbox().delete(group);
      return;
    }
    String state = decision.next().text();
    tx.notifications().outbox().save(new GroupRow(channel.id(), group.groupKey(), dueAt, state));
  }

  private List<IncidentRow> openIncidents(Set<ClusterId> all) {
    List<IncidentRow> rows = new ArrayList<>();
    List<ClusterId> ids = List.copyOf(all);
    for (int from = 0; from < ids.size(); from += AT_ONCE) {
      Set<ClusterId> some = Set.copyOf(ids.subList(from, Math.min(ids.size(), from + AT_ONCE)));
      @Nullable String cursor = null;
      do {
        Page<IncidentRow> page =
            tx.incidents()
                .list(some, IncidentFilter.FIRING, new Page.Request(cursor, Page.MAX_LIMIT));
        rows.addAll(page.items());
        cursor = page.nextCursor();
      } while (cursor != null);
    }
    rows.removeIf(row -> !Marks.groupOf(row).equals(group.groupKey()));
    return rows;
  }

  private List<Seen> seen(List<IncidentRow> rows) {
    List<Seen> seen = new ArrayList<>();
    for (IncidentRow row : rows) {
      clusters
          .find(row.cluster())
          .filter(cluster -> cluster.organization().equals(channel.organization()))
          .ifPresent(cluster -> seen.add(seen(row, cluster)));
    }
    return seen;
  }

  private Seen seen(IncidentRow row, ClusterRow cluster) {
    IncidentRow.Attention attention = row.attention();
    boolean wanted =
        row.telling().severity().compareTo(channel.minimumSeverity()) >= 0
            && channel.selector().matches(cluster, row.what().type())
            && attention.suppressedBy() == null
            && attention.flappingSince() == null;
    Optional<Instant> silent = wanted ? silences.until(cluster, row) : Optional.<Instant>empty();
    return new Seen(
        Messages.incident(row, cluster.name()),
        wanted && silent.isEmpty(),
        attention.acknowledged() != null,
        silent.orElse(null));
  }

  /** What was told and is not among the open ones of this group any more. */
  private void leftovers(GroupState state, List<Seen> open, List<Notice.Incident> ended) {
    Set<Object> ids =
        open.stream()
            .map(seen -> seen.incident().id())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    for (Notice.Incident told : state.told()) {
      if (!ids.contains(told.id())) {
        end(told, open, ended);
      }
    }
  }

  private void end(Notice.Incident told, List<Seen> open, List<Notice.Incident> ended) {
    Optional<IncidentRow> row = tx.incidents().find(told.id());
    IncidentRow.Resolved end = row.map(IncidentRow::resolved).orElse(null);
    if (end != null) {
      ended.add(told.resolved(end.at(), end.reason()));
    } else if (row.isPresent()) {
      // It is told with another group now, and ended in both.
      open.add(new Seen(told, false, false, null));
    } else {
      ended.add(told.resolved(now, "deleted"));
    }
  }
}
