package cx.niro.server.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommitSyncTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void everyone_who_committed_while_one_write_ran_shares_the_next() throws Exception {
    AtomicInteger writes = new AtomicInteger();
    CountDownLatch firstRuns = new CountDownLatch(1);
    CountDownLatch letFirstEnd = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(20);
    CommitSync sync =
        new CommitSync(
            () -> {
              if (writes.incrementAndGet() == 1) {
                firstRuns.countDown();
                await(letFirstEnd);
              }
              // The second write begins only after the first ended, so all twenty have arrived or
              // lead it.
              await(waiting);
            });
    CompletableFuture<Void> first = CompletableFuture.runAsync(sync::await, threads);
    await(firstRuns);
    Stream<CompletableFuture<Void>> others =
        Stream.generate(
                () ->
                    CompletableFuture.runAsync(
                        () -> {
                          waiting.countDown();
                          sync.await();
                        },
                        threads))
            .limit(20);
    CompletableFuture<Void> all = CompletableFuture.allOf(others.toArray(CompletableFuture[]::new));
    await(waiting);
    letFirstEnd.countDown();

    all.get(30, TimeUnit.SECONDS);
    first.get(30, TimeUnit.SECONDS);
    assertThat(writes.get()).isBetween(2, 21).isLessThan(21);
  }

  @Test
  void a_failed_write_is_told_to_whoever_waited_for_it_and_not_to_the_next() {
    AtomicInteger writes = new AtomicInteger();
    CommitSync sync =
        new CommitSync(
            () -> {
              if (writes.incrementAndGet() == 1) {
                throw new IllegalStateException("disk full");
              }
            });

    assertThatThrownBy(sync::await).hasMessage("disk full");
    sync.await();

    assertThat(writes).hasValue(2);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
