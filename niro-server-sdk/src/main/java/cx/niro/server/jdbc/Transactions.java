package cx.niro.server.jdbc;

import java.util.function.Function;

/** Runs work in a transaction of its own, again when it collides with another. */
@FunctionalInterface
interface Transactions {
  <T> T run(Function<JdbcStoreTx, T> work);
}
