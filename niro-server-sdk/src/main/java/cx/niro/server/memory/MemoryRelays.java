package cx.niro.server.memory;

import cx.niro.server.spi.RelayRow;
import cx.niro.server.spi.RelayStore;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

final class MemoryRelays implements RelayStore {
  private final JournaledMap<String, RelayRow, NavigableMap<String, RelayRow>> rows;

  MemoryRelays(Journal journal) {
    rows = new JournaledMap<>(journal, new TreeMap<>());
  }

  @Override
  public void put(RelayRow row) {
    rows.put(row.server(), row);
  }

  @Override
  public List<RelayRow> all() {
    return List.copyOf(rows.view().values());
  }

  @Override
  public void drop(String server) {
    rows.remove(server);
  }
}
