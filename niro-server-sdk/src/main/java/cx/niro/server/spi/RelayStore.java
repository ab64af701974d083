package cx.niro.server.spi;

import java.util.List;

/**
 * Where servers over the same data find each other. Asked for only where {@link Stores#isShared}
 * says so; each server writes its own row, and drops it when it stops, and those of others that
 * ended long ago.
 */
public interface RelayStore {
  /** Writes the row of a server, over the one that is there. */
  void put(RelayRow row);

  /** All rows, those that have ended too. */
  List<RelayRow> all();

  /** Deletes the row of a server, if there is one. */
  void drop(String server);
}
