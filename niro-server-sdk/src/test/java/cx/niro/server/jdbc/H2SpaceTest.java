package cx.niro.server.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.InventoryRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How large the file of an open database becomes. */
class H2SpaceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int CLUSTERS = 60;

  @TempDir Path folder;
  private JdbcConnectionPool pool;
  private JdbcStores stores;

  @BeforeEach
  void open() {
    String url = "jdbc:h2:file:" + folder.resolve("niro") + ";WRITE_DELAY=0";
    pool = JdbcConnectionPool.create(url, "sa", "");
    JdbcStores.migrate(pool);
    stores = JdbcStores.over(pool);
    for (int i = 0; i < CLUSTERS; i++) {
      ClusterRow row = row(i);
      stores.inTransaction(tx -> tx.clusters().insert(row));
    }
  }

  @AfterEach
  void close() {
    pool.dispose();
  }

  @Test
  void stays_within_ten_times_its_data_while_inventory_comes_and_goes() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 1; i <= 1_000; i++) {
      byte[] body = new byte[20_000 + random.nextInt(20_000)];
      random.nextBytes(body);
      stores.inventory().save(List.of(inventory(random.nextInt(CLUSTERS), i, body)));
    }

    long open = size();
    assertThat(open).isLessThan(10 * compacted());
  }

  private long size() throws IOException {
    return Files.size(folder.resolve("niro.mv.db"));
  }

  private long compacted() throws IOException, SQLException {
    pool.getConnection().createStatement().execute("SHUTDOWN COMPACT");
    return size();
  }

  private static ClusterRow row(int number) {
    String name = "c" + number;
    return new ClusterRow(
        new ClusterId(name),
        new OrganizationId("acme"),
        name,
        Environment.PRODUCTION,
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        NOW);
  }

  private static InventoryRow inventory(int cluster, long revision, byte[] body) {
    return new InventoryRow(
        new ClusterId("c" + cluster), new BootId("b"), 1, revision, NOW, 1, body);
  }
}
