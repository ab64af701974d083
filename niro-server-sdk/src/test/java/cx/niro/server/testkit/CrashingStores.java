package cx.niro.server.testkit;

import cx.niro.server.spi.InventoryStore;
import cx.niro.server.spi.NotificationStores;
import cx.niro.server.spi.RetentionStore;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores whose next transactions die between two calls: after {@link #crashAfter} calls on views
 * the following one throws. Counts calls and transactions on the way.
 */
public final class CrashingStores implements Stores {
  /** What the crash looks like from inside. */
  public static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("crash between two calls");
    }
  }

  private final Stores real;
  private final AtomicInteger callsLeft = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicInteger transactions = new AtomicInteger();
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final Map<String, Supplier<Object>> answers = new ConcurrentHashMap<>();
  private volatile boolean shared;

  public CrashingStores(Stores real) {
    this.real = real;
  }

  /** From now on {@code calls} calls succeed and the next one throws. */
  public void crashAfter(int calls) {
    callsLeft.set(calls);
  }

  /** From now on calls of {@code method}, as {@code Store.method}, are answered so. */
  public void answer(String method, Supplier<Object> answer) {
    answers.put(method, answer);
  }

  /** How often {@code method}, as {@code Store.method}, was called. */
  public int calls(String method) {
    return calls.getOrDefault(method, new AtomicInteger()).get();
  }

  /** Seems to be used by other servers too. */
  public CrashingStores shared() {
    shared = true;
    return this;
  }

  /** No more crashes. */
  public void heal() {
    answers.clear();
    callsLeft.set(Integer.MAX_VALUE);
  }

  public int transactions() {
    return transactions.get();
  }

  @Override
  public <T> T inTransaction(Function<StoreTx, T> work) {
    transactions.incrementAndGet();
    return real.inTransaction(
        tx -> {
          T result = work.apply(proxy(StoreTx.class, tx));
          crashIfDue();
          return result;
        });
  }

  private void crashIfDue() {
    if (callsLeft.get() <= 0) {
      throw new Crash();
    }
  }

  /** Hands out views whose calls are counted; the views themselves are not. */
  private <V> V proxy(Class<V> type, V target) {
    Object made =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              boolean call = type != StoreTx.class && type != NotificationStores.class;
              if (call && callsLeft.getAndDecrement() <= 0) {
                throw new Crash();
              }
              String name = type.getSimpleName() + "." + method.getName();
              calls.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
              Supplier<Object> answer = answers.get(name);
              if (answer != null) {
                return answer.get();
              }
              try {
                Object result = method.invoke(target, arguments);
                boolean views = type == StoreTx.class || type == NotificationStores.class;
                return views ? view(method.getReturnType(), result) : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(made);
  }

  private <V> V view(Class<V> type, Object target) {
    return proxy(type, type.cast(target));
  }

  @Override
  public InventoryStore inventory() {
    InventoryStore inventory = real.inventory();
    return answers.isEmpty() ? inventory : proxy(InventoryStore.class, inventory);
  }

  @Override
  public boolean isShared() {
    return shared || real.isShared();
  }

  @Override
  public @Nullable Instant now() {
    return real.now();
  }

  @Override
  public RetentionStore retention() {
    return real.retention();
  }

  @Override
  public void close() {
    real.close();
  }
}
