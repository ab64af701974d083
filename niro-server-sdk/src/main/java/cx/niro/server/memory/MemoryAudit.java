package cx.niro.server.memory;

import cx.niro.core.AuditId;
import cx.niro.core.OrganizationId;
import cx.niro.server.spi.AuditFilter;
import cx.niro.server.spi.AuditRow;
import cx.niro.server.spi.AuditStore;
import cx.niro.server.spi.Page;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

final class MemoryAudit implements AuditStore {
  private final JournaledMap<Long, AuditRow, NavigableMap<Long, AuditRow>> entries;
  private final JournaledMap<AuditId, Long, Map<AuditId, Long>> numbers;
  private long appended;

  MemoryAudit(Journal journal) {
    entries = new JournaledMap<>(journal, new TreeMap<>());
    numbers = new JournaledMap<>(journal, new HashMap<>());
  }

  @Override
  public void append(AuditRow entry) {
    numbers.put(entry.id(), appended);
    entries.put(appended++, entry);
  }

  @Override
  public void end(AuditId id, String outcome, String object) {
    Long number = numbers.get(id);
    AuditRow entry = number == null ? null : entries.get(number);
    if (number != null && entry != null) {
      entries.put(number, entry.ended(outcome, object));
    }
  }

  @Override
  public Page<AuditRow> list(
      Set<OrganizationId> organizations, AuditFilter filter, Page.Request page) {
    return Pages.newestFirst(
        entries.view(),
        entry -> organizations.contains(entry.organization()) && filter.matches(entry),
        page);
  }

  int deleteBefore(Instant before, int limit) {
    List<Long> old =
        entries.view().entrySet().stream()
            .filter(entry -> entry.getValue().at().isBefore(before))
            .map(Map.Entry::getKey)
            .limit(limit)
            .toList();
    for (Long number : old) {
      AuditRow gone = entries.remove(number);
      if (gone != null) {
        numbers.remove(gone.id());
      }
    }
    return old.size();
  }
}
