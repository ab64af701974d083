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
    rows.put(number, command);
    if (command.state().isFinal()) {
      open.remove(number);
    } else {
      open.put(number, command);
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
    return Optional.ofNullable(byKey.get(new Key(cluster, idempotencyKey))).map(rows::get);
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
    same.map(row -> numbers.get(row.id())).ifPresent(number -> write(number, next));
    return same.isPresent();
  }

  @Override
  public Page<CommandRow> list(ClusterId cluster, Page.Request page) {
    return Pages.newestFirst(rows.view(), row -> row.cluster().equals(cluster), page);
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

  void forget(ClusterId cluster) {
    List<CommandRow> gone =
        rows.view().values().stream().filter(row -> row.cluster().equals(cluster)).toList();
    for (CommandRow row : gone) {
      Long number = numbers.remove(row.id());
      String key = row.request().idempotencyKey();
      if (key != null) {
        byKey.remove(new Key(cluster, key));
      }
      if (number != null) {
        rows.remove(number);
        open.remove(number);
      }
    }
  }
}
