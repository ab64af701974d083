package cx.niro.server.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.protocol.HeldContent;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.InventoryStore;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WriteBehindTest {
  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");

  /** Refuses a batch with one of these in it. */
  private static final class Picky implements InventoryStore {
    private final Set<ClusterId> bad = new HashSet<>();
    private final Map<ClusterId, InventoryRow> saved = new HashMap<>();
    private final Map<ClusterId, Instant> touched = new HashMap<>();
    private boolean away;

    @Override
    public void save(Collection<InventoryRow> rows) {
      if (rows.stream().anyMatch(row -> bad.contains(row.cluster()))) {
        throw new IllegalStateException("a bad row");
      }
      rows.forEach(row -> saved.put(row.cluster(), row));
    }

    @Override
    public Optional<InventoryRow> find(ClusterId cluster) {
      return Optional.ofNullable(saved.get(cluster));
    }

    @Override
    public void touch(Map<ClusterId, Instant> lastSeen) {
      if (away) {
        throw new IllegalStateException("no last-seen today");
      }
      touched.putAll(lastSeen);
    }

    @Override
    public Map<ClusterId, Instant> lastSeen() {
      return touched;
    }
  }

  private final Picky store = new Picky();
  private final WriteBehind writeBehind = new WriteBehind(store);

  private static ClusterId id(int number) {
    return new ClusterId("c" + number);
  }

  private void change(int number) {
    HeldContent content = new HeldContent(new BootId("b"), 1, ClusterSnapshot.EMPTY, 0, 0);
    writeBehind.changed(id(number), content, 1, NOW);
  }

  @Test
  void one_bad_row_keeps_no_other_from_being_written_and_is_tried_again() {
    store.bad.add(id(3));
    for (int i = 0; i < 450; i++) {
      change(i);
    }
    assertThatThrownBy(writeBehind::flush).hasMessage("a bad row");
    assertThat(store.saved).hasSize(449);

    store.bad.clear();
    writeBehind.flush();
    assertThat(store.saved).hasSize(450);
  }

  @Test
  void content_is_written_when_last_seen_cannot_be() {
    store.away = true;
    writeBehind.seen(id(1), NOW);
    change(1);
    assertThatThrownBy(writeBehind::flush).hasMessage("no last-seen today");
    assertThat(store.saved).containsOnlyKeys(id(1));

    store.away = false;
    writeBehind.flush();
    assertThat(store.touched).containsOnlyKeys(id(1));
  }
}
