package cx.niro.server.memory;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandState;
import cx.niro.server.spi.CommandRow;
import cx.niro.server.spi.CommandStore;
import cx.niro.server.spi.Page;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

final class MemoryCommands implements CommandStore {
  private record Key(ClusterId cluster, String idempotencyKey) {}

  private final MemoryClusters clusters;
  private final JournaledMap<Long, CommandRow, NavigableMap<Long, CommandRow>> rows;
  private final JournaledMap<Long, CommandRow, NavigableMap<Long, CommandRow>> open;
  private final JournaledMap<CommandId, Long, Map<CommandId, Long>> numbers;
  private final JournaledMap<Key, Long, Map<Key, Long>> byKey;
  private long inserted;

  MemoryCommands(Journal journal, MemoryClusters clusters) {
    this.clusters = clusters;
    rows = new JournaledMap<>(journal, new TreeMap<>());
    open = new JournaledMap<>(journal, new TreeMap<>());
    numbers = new JournaledMap<>(journal, new HashMap<>());
    byKey = new JournaledMap<>(journal, new HashMap<>());
  }

  @Override
  public boolean insert(CommandRow command) {
    String key = command.request().idempotencyKey();
    if (!clusters.has(command.cluster())
        || (key != null && findByIdempotencyKey(command.cluster(), key).isPresent())) {
      return false;
    }
    long number = inserted++;
    numbers.put(command.id(), number);
    if (key != null) {
      byKey.put(new Key(command.cluster(), key), number);
    }
    write(number, command);
    return true;
  }

  private void write(long number, CommandRow command) {
    if (command.state().isFinal()) {
      rows.put(number, command.withoutText());
      open.remove(number);
    } else {
      rows.put(number, command);
      open.put(number, command.withoutText());
    }
  }

  @Override
  public Optional<CommandRow> find(ClusterId cluster, CommandId id) {
    return Optional.ofNullable(numbers.get(id))
        .map(rows::get)
        .filter(row -> row.cluster().equals(cluster));
  }

  @Override
  public Optional<CommandRow> findByIdempotencyKey(ClusterId cluster, String idempotencyKey) {
    return Optional.ofNullable(byKey.get(new Key(cluster, idempotencyKey)))
        .map(rows::get)
        .map(CommandRow::withoutText);
  }

  @Override
  public List<CommandRow> open(ClusterId cluster) {
    return open.view().values().stream().filter(row -> row.cluster().equals(cluster)).toList();
  }

  @Override
  public boolean update(CommandRow seen, CommandRow next) {
    Optional<CommandRow> same =
        find(seen.cluster(), seen.id())
            .filter(row -> row.state() == seen.state())
            .filter(row -> row.attempt() == seen.attempt())
            .filter(row -> row.cancelRequested() == seen.cancelRequested());
    same.ifPresent(
        row ->
            Optional.ofNullable(numbers.get(row.id())).ifPresent(n -> write(n, with(row, next))));
    return same.isPresent();
  }

  /** The request stays as it was inserted. */
  private static CommandRow with(CommandRow stored, CommandRow next) {
    return new CommandRow(
        next.id(),
        next.cluster(),
        stored.request(),
        next.state(),
        next.attempt(),
        next.offer(),
        next.cancelRequested(),
        next.reason(),
        next.output(),
        next.lateResult(),
        next.finishedAt());
  }

  @Override
  public Page<CommandRow> list(ClusterId cluster, @Nullable String kind, Page.Request page) {
    Page<CommandRow> found =
        Pages.newestFirst(
            rows.view(),
            row ->
                row.cluster().equals(cluster)
                    && (kind == null || row.request().kind().equals(kind)),
            page);
    return new Page<>(
        found.items().stream().map(CommandRow::withoutText).toList(), found.nextCursor());
  }

  @Override
  public List<ClusterId> clustersWithDue(Instant now, int limit) {
    return open.view().values().stream()
        .filter(row -> due(row).isBefore(now))
        .map(CommandRow::cluster)
        .distinct()
        .limit(limit)
        .toList();
  }

  private static Instant due(CommandRow row) {
    Instant deadline = row.request().deadlineAt();
    CommandRow.Offer offer = row.state() == CommandState.PENDING ? null : row.offer();
    return offer == null || offer.leaseUntil().isBefore(deadline) ? deadline : offer.leaseUntil();
  }

  int deleteFinishedBefore(Instant before, int limit) {
    List<CommandRow> old =
        rows.view().values().stream()
            .filter(row -> row.finishedAt() != null && row.finishedAt().isBefore(before))
            .limit(limit)
            .toList();
    remove(old);
    return old.size();
  }

  void forget(ClusterId cluster) {
    remove(rows.view().values().stream().filter(row -> row.cluster().equals(cluster)).toList());
  }

  private void remove(List<CommandRow> gone) {
    for (CommandRow row : gone) {
      Long number = numbers.remove(row.id());
      String key = row.request().idempotencyKey();
      if (key != null) {
        byKey.remove(new Key(row.cluster(), key));
      }
      if (number != null) {
        rows.remove(number);
        open.remove(number);
      }
    }
  }
}
