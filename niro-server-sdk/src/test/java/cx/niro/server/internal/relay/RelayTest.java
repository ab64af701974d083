package cx.niro.server.internal.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.ErrorCode;
import cx.niro.core.NiroException;
import cx.niro.core.protocol.LogPiece;
import cx.niro.core.testkit.ManualTime;
import cx.niro.server.internal.SystemTime;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.spi.InventoryStore;
import cx.niro.server.spi.RelayRow;
import cx.niro.server.spi.RetentionStore;
import cx.niro.server.spi.StoreTx;
import cx.niro.server.spi.Stores;
import cx.niro.server.testkit.CrashingStores;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RelayTest {
  private static final ClusterId EDGE = new ClusterId("edge");
  private static final LogPiece PIECE = new LogPiece(1, List.of("one"), 0, null);

  private final ManualTime time = ManualTime.create();
  private final Stores real = MemoryStores.create();
  private final AtomicReference<Runnable> beforeNext = new AtomicReference<>(() -> {});
  private final CrashingStores stores = new CrashingStores(new Interrupted(real, beforeNext));
  private final Relay relay =
      new Relay(
          stores,
          SystemTime.of(time, time.nanos(), new Random(1), Runnable::run, time.newExecutor()),
          null);

  /** Something else happens before the next transaction. */
  private record Interrupted(Stores real, AtomicReference<Runnable> beforeNext) implements Stores {
    @Override
    public <T> T inTransaction(Function<StoreTx, T> work) {
      beforeNext.getAndSet(() -> {}).run();
      return real.inTransaction(work);
    }

    @Override
    public InventoryStore inventory() {
      return real.inventory();
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

  @AfterEach
  void end() {
    relay.close();
    real.close();
  }

  private ErrorCode refusal(String stream) {
    try {
      relay.piece(EDGE, new CommandId(stream), PIECE);
      throw new AssertionError("it was not refused");
    } catch (NiroException e) {
      return e.code();
    }
  }

  private List<RelayRow> rows() {
    return real.inTransaction(tx -> tx.relays().all());
  }

  @Test
  void made_up_servers_are_looked_for_once_a_second_also_while_the_database_fails() {
    stores.crashAfter(0);
    for (int i = 0; i < 100; i++) {
      assertThat(refusal("s.nobody" + i + ".1")).isEqualTo(ErrorCode.STREAM_UNREACHABLE);
    }
    assertThat(stores.transactions()).isEqualTo(1);

    stores.heal();
    time.advance(Duration.ofSeconds(1));
    assertThat(refusal("s.nobody.1")).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(stores.transactions()).isEqualTo(2);
  }

  @Test
  void a_server_that_came_within_the_second_since_the_last_look_is_waited_for() {
    relay.renew();
    assertThat(refusal("s.newcomer.1")).isEqualTo(ErrorCode.STREAM_UNREACHABLE);
    time.advance(Duration.ofSeconds(1));
    assertThat(refusal("s.newcomer.1")).isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void a_server_that_ends_while_it_says_that_it_is_there_leaves_no_row() {
    relay.renew();
    assertThat(rows()).hasSize(1);
    beforeNext.set(relay::close);
    relay.renew();
    assertThat(rows()).isEmpty();
    relay.renew();
    assertThat(rows()).isEmpty();
  }

  @Test
  void one_that_cannot_be_called_takes_no_room_of_the_others() throws InterruptedException {
    try (ReplicaCalls calls = new ReplicaCalls(Runnable::run)) {
      for (int i = 0; i < 600; i++) {
        var answer = calls.post("http://h:99999/x", Map.of(), new byte[0]).toCompletableFuture();
        assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .hasMessageContaining("it cannot be called");
      }
    }
  }
}
