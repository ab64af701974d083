package cx.niro.server.jdbc;

import cx.niro.core.ErrorCode;
import cx.niro.core.RetryLaterException;
import cx.niro.server.internal.SystemTime;
import cx.niro.server.spi.ClusterSignals;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals by {@code NOTIFY niro}, sent after the transaction that they tell of: within it every
 * commit of the database would wait for the one before. Needs {@code org.postgresql:postgresql} on
 * the class path. Who listens keeps one connection of the data source and a thread, and connects
 * again when the connection breaks.
 *
 * @param dataSource neither made nor closed here
 */
public record PostgresSignals(DataSource dataSource) implements ClusterSignals {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresSignals.class);

  /** How long the connection waits at a time, and so how long closing may take. */
  private static final int WAIT_MILLIS = 500;

  /** A connection whose other end is gone says nothing either. */
  private static final int WAITS_UNTIL_ASKED = 20;

  @Override
  public void send(String from) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement notify = connection.prepareStatement("SELECT pg_notify('niro', ?)")) {
      notify.setString(1, from);
      notify.execute();
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    } catch (SQLException e) {
      throw new RetryLaterException(ErrorCode.OVERLOADED, "no signal: " + e.getMessage(), e);
    }
  }

  @Override
  public AutoCloseable listen(Consumer<String> heard) {
    Listener listener = new Listener(dataSource, heard);
    SystemTime.daemon("niro-signals", listener);
    return listener;
  }

  private static final class Listener implements Runnable, AutoCloseable {
    private final DataSource dataSource;
    private final Consumer<String> heard;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean failing;

    Listener(DataSource dataSource, Consumer<String> heard) {
      this.dataSource = dataSource;
      this.heard = heard;
    }

    @Override
    public void run() {
      try {
        do {
          listenOnce();
        } while (!closed.await(1, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        ended.countDown();
      }
    }

    private void listenOnce() {
      try (Connection connection = dataSource.getConnection();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(true);
        statement.execute("LISTEN niro");
        if (failing) {
          LOG.info("signals of other servers are heard again");
        }
        failing = false;
        heard.accept("");
        try {
          hear(Notifications.of(connection), statement);
        } finally {
          statement.execute("UNLISTEN niro");
        }
      } catch (SQLException | RuntimeException e) {
        if (!failing) {
          LOG.warn("signals of other servers are not heard for now: {}", e.getMessage());
        }
        failing = true;
      }
    }

    private void hear(Notifications notifications, Statement statement) throws SQLException {
      int waits = 0;
      while (closed.getCount() > 0) {
        Set<String> senders = notifications.await();
        senders.forEach(heard);
        waits = senders.isEmpty() ? waits + 1 : 0;
        if (waits >= WAITS_UNTIL_ASKED) {
          statement.execute("SELECT 1");
          waits = 0;
        }
      }
    }

    @Override
    public void close() throws InterruptedException {
      closed.countDown();
      if (!ended.await(5, TimeUnit.SECONDS)) {
        LOG.warn("the connection for signals is still open");
      }
    }
  }

  /**
   * What JDBC has no words for, by the names of the driver's interfaces: they are annotated with
   * what no compiler here knows.
   */
  private record Notifications(Object connection, Method get, Method parameter) {
    static Notifications of(Connection connection) throws SQLException {
      try {
        Class<?> type = Class.forName("org.postgresql.PGConnection");
        return new Notifications(
            connection.unwrap(type),
            type.getMethod("getNotifications", int.class),
            Class.forName("org.postgresql.PGNotification").getMethod("getParameter"));
      } catch (ReflectiveOperationException e) {
        throw new SQLException("these are not connections of PostgreSQL's driver", e);
      }
    }

    Set<String> await() throws SQLException {
      try {
        Set<String> senders = new LinkedHashSet<>();
        if (get.invoke(connection, WAIT_MILLIS) instanceof Object[] got) {
          for (Object notification : got) {
            senders.add(String.valueOf(parameter.invoke(notification)));
          }
        }
        return senders;
      } catch (ReflectiveOperationException e) {
        throw new SQLException("the connection for signals broke: " + e.getCause(), e);
      }
    }
  }
}
