package cx.niro.server.testkit;

import cx.niro.core.ClusterId;
import cx.niro.server.spi.ClusterRow;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;

/** Opens stores for each test of a contract; one cluster, {@code edge}, is there. */
@DisplayNameGeneration(ReplaceUnderscores.class)
abstract class StoresUnderTest {
  static final ClusterRow EDGE_ROW = StoreRows.cluster("edge");
  static final ClusterId EDGE = EDGE_ROW.id();
  static final ClusterId GONE = new ClusterId("gone");

  Stores stores;

  protected abstract Stores open();

  @BeforeEach
  void openStores() {
    stores = open();
    write(tx -> tx.clusters().insert(EDGE_ROW));
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  <T> T read(Function<StoreTx, T> look) {
    return stores.inTransaction(look);
  }

  <T> Optional<T> found(Function<StoreTx, Optional<T>> look) {
    return stores.inTransaction(look);
  }

  <T> List<T> listed(Function<StoreTx, List<T>> look) {
    return stores.inTransaction(look);
  }

  boolean did(Predicate<StoreTx> work) {
    return stores.inTransaction(work::test);
  }

  int count(ToIntFunction<StoreTx> work) {
    return stores.inTransaction(work::applyAsInt);
  }

  void write(Consumer<StoreTx> work) {
    stores.inTransaction(
        tx -> {
          work.accept(tx);
          return true;
        });
  }

  /** Runs all at once and returns what each came to. */
  static <T> List<T> concurrently(int times, IntFunction<T> work) {
    ExecutorService threads = Executors.newFixedThreadPool(times);
    CountDownLatch ready = new CountDownLatch(times);
    try {
      List<Callable<T>> tasks = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        int number = i;
        tasks.add(
            () -> {
              ready.countDown();
              ready.await();
              return work.apply(number);
            });
      }
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(tasks)) {
        results.add(result.get());
      }
      return results;
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      threads.shutdownNow();
    }
  }

  static long wins(List<Boolean> outcomes) {
    return outcomes.stream().filter(won -> won).count();
  }
}
