package cx.niro.server.internal;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import cx.niro.server.ServerListener;
import cx.niro.server.spi.ClusterRow;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AnnouncerTest {
  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");

  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final AtomicInteger heard = new AtomicInteger();
  private final ServerListener listener =
      new ServerListener() {
        @Override
        public void contentChanged(ClusterId cluster) {
          heard.incrementAndGet();
        }
      };
  private final Announcer announcer = new Announcer(List.of(listener), new Work(waiting::add));
  private final LiveCluster live =
      new LiveCluster(ClusterState.fresh(row(), null), () -> new BeatBudget(8, 1, 0));

  private static ClusterRow row() {
    return new ClusterRow(
        new ClusterId("edge"),
        new OrganizationId("acme"),
        "edge",
        Environment.UNSPECIFIED,
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        NOW);
  }

  @Test
  void what_waits_for_slow_listeners_has_a_limit_and_the_rest_is_counted() {
    for (int i = 0; i < Announcer.MOST_WAITING + 5; i++) {
      announcer.announce(live, each -> each.contentChanged(live.id));
    }
    assertThat(announcer.dropped()).isEqualTo(5);

    announcer.flush(live);
    waiting.remove().run();
    announcer.announce(live, each -> each.contentChanged(live.id));
    announcer.flush(live);
    waiting.remove().run();
    assertThat(heard).hasValue(Announcer.MOST_WAITING + 1);
    assertThat(announcer.dropped()).isEqualTo(5);
  }
}
