package cx.niro.server.memory;

import cx.niro.core.OrganizationId;
import cx.niro.core.SilenceId;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.SilenceRow;
import cx.niro.server.spi.SilenceStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

final class MemorySilences implements SilenceStore {
  private final JournaledMap<Long, SilenceRow, NavigableMap<Long, SilenceRow>> rows;
  private final JournaledMap<SilenceId, Long, Map<SilenceId, Long>> numbers;
  private long inserted;

  MemorySilences(Journal journal) {
    rows = new JournaledMap<>(journal, new TreeMap<>());
    numbers = new JournaledMap<>(journal, new HashMap<>());
  }

  @Override
  public void insert(SilenceRow silence) {
    long number = inserted++;
    rows.put(number, silence);
    numbers.put(silence.id(), number);
  }

  @Override
  public Optional<SilenceRow> find(SilenceId id) {
    return Optional.ofNullable(numbers.get(id)).map(rows::get);
  }

  @Override
  public void update(SilenceRow silence) {
    Long number = numbers.get(silence.id());
    if (number != null) {
      rows.put(number, silence);
    }
  }

  @Override
  public List<SilenceRow> notEnded(OrganizationId organization, Instant now) {
    return rows.view().values().stream()
        .filter(row -> row.organization().equals(organization) && row.endsAt().isAfter(now))
        .toList();
  }

  @Override
  public Page<SilenceRow> list(
      Set<OrganizationId> organizations,
      SilenceRow.@Nullable State state,
      Instant now,
      Page.Request page) {
    return Pages.newestFirst(
        rows.view(),
        row ->
            organizations.contains(row.organization())
                && (state == null || row.state(now) == state),
        page);
  }

  int deleteEndedBefore(Instant before, int limit) {
    List<Long> old =
        rows.view().entrySet().stream()
            .filter(entry -> entry.getValue().endsAt().isBefore(before))
            .map(Map.Entry::getKey)
            .limit(limit)
            .toList();
    for (Long number : old) {
      SilenceRow row = rows.remove(number);
      if (row != null) {
        numbers.remove(row.id());
      }
    }
    return old.size();
  }
}
