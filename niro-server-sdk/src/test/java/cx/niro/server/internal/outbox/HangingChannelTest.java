package cx.niro.server.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.OrganizationId;
import cx.niro.core.Severity;
import cx.niro.server.Channels.ChannelSpec;
import cx.niro.server.NiroServer;
import cx.niro.server.memory.MemoryStores;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.Outcome;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HangingChannelTest {
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);

  private Outcome hang() {
    hanging.countDown();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Outcome.sent();
  }

  @Test
  void one_that_hangs_takes_no_second_message_and_holds_up_no_other() throws Exception {
    ExecutorService caller = Executors.newSingleThreadExecutor();
    try (NiroServer server =
        NiroServer.builder(MemoryStores.create())
            .secretKeys(List.of(new byte[32]))
            .notifier("stuck", (notice, settings) -> hang())
            .notifier("quick", (notice, settings) -> Outcome.sent())
            .build()) {
      var stuck = channel(server, "stuck");
      var quick = channel(server, "quick");
      Future<Outcome> waiting = caller.submit(() -> server.channels().test(stuck));
      assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();

      assertThat(server.channels().test(stuck).kind()).isEqualTo(Outcome.Kind.RETRY);
      assertThat(server.channels().test(quick)).isEqualTo(Outcome.sent());
      over.countDown();
      assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(Outcome.sent());
    } finally {
      over.countDown();
      caller.shutdownNow();
    }
  }

  private static cx.niro.core.ChannelId channel(NiroServer server, String kind) {
    ChannelSpec spec = new ChannelSpec(kind, kind, Map.of(), Severity.LOW, ChannelSelector.ALL);
    return server.channels().create(new OrganizationId("acme"), spec, "ada").channel().id();
  }
}
