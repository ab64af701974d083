package cx.niro.server.jdbc;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Serializable connections of which one in so many fails with 40001, at a statement or at the
 * commit that a seed chooses; only so often in a row on one thread, so that work ends.
 */
public final class UnserializableDataSource implements DataSource {
  private static final int LONGEST = 12;

  private final DataSource real;
  private final SplittableRandom random;
  private final Runnable injected;
  private final int mostInARow;
  private final int oneIn;
  private final ThreadLocal<Integer> inARow = ThreadLocal.withInitial(() -> 0);

  /** A third, three in a row at most. */
  public UnserializableDataSource(DataSource real, long seed, Runnable injected) {
    this(real, seed, injected, 3, 3);
  }

  UnserializableDataSource(
      DataSource real, long seed, Runnable injected, int mostInARow, int oneIn) {
    this.real = real;
    this.random = new SplittableRandom(seed);
    this.injected = injected;
    this.mostInARow = mostInARow;
    this.oneIn = oneIn;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = real.getConnection();
    connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    return proxy(Connection.class, connection, new AtomicInteger(draw()));
  }

  /** How many statements go well. */
  private synchronized int draw() {
    boolean fails = random.nextInt(oneIn) == 0 && inARow.get() < mostInARow;
    inARow.set(fails ? inARow.get() + 1 : 0);
    return fails ? random.nextInt(LONGEST) : Integer.MAX_VALUE;
  }

  private <T> T proxy(Class<T> type, T target, AtomicInteger left) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              giveUpIfDue(method, left);
              try {
                return wrapped(method.invoke(target, arguments), left);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private Object wrapped(Object result, AtomicInteger left) {
    if (result instanceof PreparedStatement statement) {
      return proxy(PreparedStatement.class, statement, left);
    }
    return result instanceof Statement statement ? proxy(Statement.class, statement, left) : result;
  }

  private void giveUpIfDue(Method method, AtomicInteger left) throws SQLException {
    boolean commits = method.getName().equals("commit");
    if (!commits && !method.getName().startsWith("execute")) {
      return;
    }
    boolean fails = left.get() < LONGEST && (commits || left.getAndDecrement() <= 0);
    if (fails) {
      left.set(0);
      injected.run();
      throw new SQLException("could not serialize access (injected)", "40001");
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLException("not asked for");
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return real.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    real.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    real.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return real.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return real.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return real.isWrapperFor(type);
  }
}
