package cx.niro.server.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.server.spi.ClusterSignals;
import cx.niro.server.testkit.RealPostgres;
import cx.niro.server.testkit.WithPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@WithPostgres
class PostgresSignalsTest {
  private final DataSource database = RealPostgres.newDatabase();
  private final ClusterSignals signals = new PostgresSignals(database);
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  private String next() throws InterruptedException {
    return heard.poll(60, TimeUnit.SECONDS);
  }

  private void breakConnections() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }
  }

  @Test
  void who_listens_hears_who_sends_also_after_the_connection_broke() throws Exception {
    AutoCloseable listening = signals.listen(heard::add);
    assertThat(next()).as("that it begins").isEmpty();
    signals.send("first");
    assertThat(next()).isEqualTo("first");
    breakConnections();
    assertThat(next()).as("that there was a gap").isEmpty();
    signals.send("second");
    assertThat(next()).isEqualTo("second");
    listening.close();
    signals.send("third");
    assertThat(heard).isEmpty();
  }
}
