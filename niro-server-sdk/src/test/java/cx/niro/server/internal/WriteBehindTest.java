package cx.niro.server.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.BeatTiming;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeldContent;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContentDigest;
import cx.niro.core.snapshot.SnapshotDelta;
import cx.niro.core.testkit.SnapshotChanges;
import cx.niro.core.testkit.Snapshots;
import cx.niro.server.internal.StoredContent.Chain;
import cx.niro.server.spi.InventoryDelta;
import cx.niro.server.spi.InventoryRow;
import cx.niro.server.spi.InventoryStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WriteBehindTest {
  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");
  private static final BootId BOOT = new BootId("b");
  private static final NiroCodec CODEC = NiroCodec.create();

  /** Refuses a batch with one of these in it. */
  private static final class Picky implements InventoryStore {
    private final Set<ClusterId> bad = new HashSet<>();
    private final Map<ClusterId, InventoryRow> saved = new HashMap<>();
    private final List<InventoryDelta> appended = new ArrayList<>();
    private final Map<ClusterId, Instant> touched = new HashMap<>();
    private final List<Long> batches = new ArrayList<>();
    private boolean away;

    @Override
    public void save(Collection<InventoryRow> rows) {
      batches.add(rows.stream().mapToLong(row -> row.body().length).sum());
      if (rows.stream().anyMatch(row -> bad.contains(row.cluster()))) {
        throw new IllegalStateException("a bad row");
      }
      rows.forEach(row -> saved.put(row.cluster(), row));
      rows.forEach(row -> appended.removeIf(delta -> delta.revision() <= row.revision()));
    }

    @Override
    public void append(Collection<InventoryDelta> deltas) {
      if (away) {
        throw new IllegalStateException("no deltas today");
      }
      appended.addAll(deltas);
    }

    @Override
    public Optional<InventoryRow> find(ClusterId cluster) {
      return Optional.ofNullable(saved.get(cluster));
    }

    @Override
    public List<InventoryDelta> deltas(ClusterId cluster) {
      return appended.stream().filter(delta -> delta.cluster().equals(cluster)).toList();
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
  private final WriteBehind writeBehind = new WriteBehind(store, InstantSource.system());

  private static ClusterId id(int number) {
    return new ClusterId("c" + number);
  }

  private void change(int number) {
    Agent agent = new Agent();
    agent.chain = writeBehind.changed(id(number), null, agent.full(new byte[0]));
  }

  /** What an agent sends of a cluster in which something happens with each beat. */
  private static final class Agent {
    private final SnapshotChanges changes;
    private ClusterSnapshot snapshot;
    private @Nullable HeldContent held;
    private @Nullable Chain chain;
    private long revision;
    private byte[] sent = new byte[0];

    Agent() {
      this(2, 12);
    }

    Agent(int nodes, int pods) {
      Snapshots source = Snapshots.seeded(3);
      this.snapshot = source.cluster(nodes, pods);
      this.changes = new SnapshotChanges(source);
    }

    WriteBehind.Change full(byte[] received) {
      String digest = ContentDigest.text(ContentDigest.of(snapshot.objects()));
      return beat(new BeatContent.Full(++revision, digest, snapshot), received);
    }

    WriteBehind.Change fullAsSent() {
      full(new byte[0]);
      revision--;
      return full(sent);
    }

    /** As it was sent. */
    WriteBehind.Change delta() {
      ClusterSnapshot before = snapshot;
      snapshot = changes.after(before, 3);
      String digest = ContentDigest.text(ContentDigest.of(snapshot.objects()));
      SnapshotDelta delta = SnapshotDelta.between(before, snapshot);
      long base = held == null ? 0 : held.revision();
      revision++;
      WriteBehind.Change change =
          beat(new BeatContent.Delta(revision, base, digest, delta), new byte[0]);
      return new WriteBehind.Change(change.content(), 1, change.beat(), sent, NOW);
    }

    /** The agent goes on from what was answered before. */
    WriteBehind.Change deltaWhoseAnswerIsLost() {
      ClusterSnapshot before = snapshot;
      HeldContent answered = held;
      WriteBehind.Change change = delta();
      snapshot = before;
      held = answered;
      return change;
    }

    private WriteBehind.Change beat(BeatContent content, byte[] received) {
      Heartbeat beat =
          new Heartbeat(BOOT, revision, new BeatTiming(1, null, null, null, null), content, null);
      sent = gzipped(CODEC.encode(beat));
      held = HeldContent.apply(held, BOOT, content).held();
      return new WriteBehind.Change(
          ClusterContent.of(held, ReceivedBodies.NONE), 1, beat, received, NOW);
    }
  }

  static byte[] gzipped(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream zipped = new GZIPOutputStream(bytes)) {
      zipped.write(plain);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private void take(Agent agent, WriteBehind.Change change) {
    agent.chain = writeBehind.changed(id(1), agent.chain, change);
  }

  private StoredContent stored() {
    return StoredContent.read(store.saved.get(id(1)), store.deltas(id(1)));
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

  @Test
  void a_full_beat_and_deltas_lie_in_the_store_as_they_were_sent() {
    Agent agent = new Agent();
    take(agent, agent.fullAsSent());
    byte[] full = agent.sent;
    writeBehind.flush();
    take(agent, agent.delta());
    byte[] delta = agent.sent;
    writeBehind.flush();

    assertThat(store.saved.get(id(1)).body()).isEqualTo(full);
    assertThat(store.appended).hasSize(1);
    assertThat(store.appended.get(0).body()).isEqualTo(delta);
    assertThat(stored().content()).isEqualTo(agent.held);
    assertThat(stored().chain()).isEqualTo(agent.chain);
  }

  @Test
  void what_is_read_is_what_was_held_however_beats_and_flushes_alternate() {
    Agent agent = new Agent();
    take(agent, agent.fullAsSent());
    for (int beat = 0; beat < 300; beat++) {
      if (beat % 7 < 3) {
        writeBehind.flush();
      }
      take(agent, beat % 40 == 39 ? agent.fullAsSent() : agent.delta());
      if (beat % 50 == 10) {
        writeBehind.flush();
        assertThat(stored().content()).isEqualTo(agent.held);
      }
    }
    writeBehind.flush();
    assertThat(stored().content()).isEqualTo(agent.held);
  }

  @Test
  void deltas_are_folded_before_they_are_many() {
    Agent agent = new Agent();
    take(agent, agent.fullAsSent());
    int most = 0;
    for (int beat = 0; beat < 200; beat++) {
      writeBehind.flush();
      most = Math.max(most, store.appended.size());
      take(agent, agent.delta());
    }
    writeBehind.flush();
    assertThat(most).isBetween(20, 64);
    assertThat(stored().content()).isEqualTo(agent.held);
  }

  @Test
  void deltas_of_a_store_that_is_away_become_one_content() {
    Agent agent = new Agent();
    take(agent, agent.fullAsSent());
    writeBehind.flush();
    store.away = true;
    for (int beat = 0; beat < 40; beat++) {
      take(agent, agent.delta());
    }
    writeBehind.flush();
    assertThat(store.appended).isEmpty();
    assertThat(stored().content()).isEqualTo(agent.held);
  }

  @Test
  void a_missing_delta_ends_what_is_read_before_it() {
    Agent agent = new Agent();
    take(agent, agent.fullAsSent());
    writeBehind.flush();
    HeldContent first = null;
    for (int beat = 0; beat < 3; beat++) {
      take(agent, agent.delta());
      first = first == null ? agent.held : first;
    }
    writeBehind.flush();
    store.appended.remove(1);
    assertThat(stored().content()).isEqualTo(first);
  }

  @Test
  void of_two_deltas_on_one_revision_that_one_is_read_from_which_the_agent_went_on() {
    Agent agent = new Agent();
    take(agent, agent.fullAsSent());
    writeBehind.flush();
    writeBehind.changed(id(1), agent.chain, agent.deltaWhoseAnswerIsLost());
    writeBehind.flush();
    WriteBehind otherServer = new WriteBehind(store, InstantSource.system());
    for (int beat = 0; beat < 3; beat++) {
      agent.chain = otherServer.changed(id(1), agent.chain, agent.delta());
      otherServer.flush();
    }
    assertThat(store.appended).hasSize(4);
    assertThat(stored().content()).isEqualTo(agent.held);
    assertThat(stored().chain()).isEqualTo(agent.chain);
  }

  @Test
  void over_64_MiB_that_wait_a_delta_becomes_content_that_is_encoded_when_it_is_written() {
    Agent agent = new Agent();
    take(agent, agent.fullAsSent());
    writeBehind.flush();
    byte[] large = new byte[16 * 1024 * 1024];
    System.arraycopy(agent.sent, 0, large, 0, 10);
    for (int i = 2; i < 6; i++) {
      writeBehind.changed(id(i), null, new Agent(1, 1).full(large));
    }
    take(agent, agent.delta());
    writeBehind.flush();
    assertThat(store.appended).isEmpty();
    assertThat(stored().content()).isEqualTo(agent.held);

    take(agent, agent.delta());
    writeBehind.flush();
    assertThat(store.appended).hasSize(1);
    assertThat(stored().content()).isEqualTo(agent.held);
  }

  @Test
  void a_delta_without_a_body_becomes_content() {
    Agent agent = new Agent();
    take(agent, agent.fullAsSent());
    writeBehind.flush();
    WriteBehind.Change delta = agent.delta();
    take(agent, new WriteBehind.Change(delta.content(), 1, delta.beat(), new byte[0], NOW));
    writeBehind.flush();
    assertThat(store.appended).isEmpty();
    assertThat(stored().content()).isEqualTo(agent.held);
  }

  @Test
  void the_size_of_folded_content_bounds_the_deltas_after_it() {
    Agent agent = new Agent();
    take(agent, agent.full(new byte[0]));
    writeBehind.flush();
    for (int beat = 0; beat < 2; beat++) {
      take(agent, agent.delta());
      writeBehind.flush();
    }
    assertThat(store.appended).hasSize(2);
    assertThat(stored().chain().baseBytes()).isPositive();
    assertThat(stored().chain()).isEqualTo(agent.chain);
  }

  @Test
  void a_batch_ends_after_8_MiB_of_content_that_is_encoded_for_it_too() {
    WriteBehind.Change change = new Agent(60, 2000).full(new byte[0]);
    for (int i = 0; i < 80; i++) {
      writeBehind.changed(id(i), null, change);
    }
    writeBehind.flush();
    assertThat(store.saved).hasSize(80);
    long one = store.saved.get(id(1)).body().length;
    assertThat(one * 80).isGreaterThan(9L * 1024 * 1024);
    assertThat(store.batches).hasSizeGreaterThan(1);
    assertThat(store.batches).allMatch(bytes -> bytes <= 8L * 1024 * 1024 + one);
  }

  @Test
  void content_in_a_newer_form_is_not_read() {
    change(1);
    writeBehind.flush();
    InventoryRow row = store.saved.get(id(1));
    InventoryRow newer =
        new InventoryRow(row.cluster(), row.bootId(), 1, 1, NOW, row.codec() + 1, row.body());
    assertThatThrownBy(() -> StoredContent.read(newer, List.of()))
        .hasMessageContaining("form 2 is newer than 1");
  }

  @Test
  void a_long_plain_body_is_encoded_anew_and_gzipped() {
    Agent agent = new Agent();
    byte[] plain = new byte[5000];
    take(agent, agent.full(plain));
    writeBehind.flush();
    assertThat(StoredContent.isGzipped(store.saved.get(id(1)).body())).isTrue();
    assertThat(stored().content()).isEqualTo(agent.held);
  }
}
