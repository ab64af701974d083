package cx.niro.server.jdbc;

import cx.niro.server.spi.RelayRow;
import cx.niro.server.spi.RelayStore;
import java.util.List;
import org.jdbi.v3.core.Handle;

record JdbcRelayStore(Handle handle) implements RelayStore {
  private static final String UPDATE =
      "UPDATE niro_relay SET url = :url, secret = :secret, ends_at = :endsAt WHERE server = :server";
  private static final String INSERT =
      "INSERT INTO niro_relay (server, url, secret, ends_at) VALUES (:server, :url, :secret, :endsAt)";

  @Override
  public void put(RelayRow row) {
    if (handle.createUpdate(UPDATE).bindMethods(row).execute() == 0) {
      handle.createUpdate(INSERT).bindMethods(row).execute();
    }
  }

  @Override
  public List<RelayRow> all() {
    return handle
        .createQuery("SELECT * FROM niro_relay ORDER BY server")
        .mapTo(RelayRow.class)
        .list();
  }

  @Override
  public void drop(String server) {
    handle
        .createUpdate("DELETE FROM niro_relay WHERE server = :server")
        .bind("server", server)
        .execute();
  }
}
