package cx.niro.server.internal;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.BeatTiming;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeldContent;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContentDigest;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SnapshotDelta;
import cx.niro.core.testkit.SnapshotChanges;
import cx.niro.core.testkit.Snapshots;
import cx.niro.server.spi.ClusterRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Content that is closed says the same as open, in less room. */
class ClusterContentTest {
  private static final BootId BOOT = new BootId("b");
  private static final NiroCodec CODEC = NiroCodec.create();

  private final Snapshots source = Snapshots.seeded(5);
  private final SnapshotChanges changes = new SnapshotChanges(source);
  private ClusterSnapshot snapshot = source.cluster(3, 20);
  private long revision;
  private @Nullable ClusterContent content;

  private void full(boolean known) {
    beat(new BeatContent.Full(++revision, digest(), snapshot), known);
  }

  private void delta() {
    ClusterSnapshot before = snapshot;
    snapshot = changes.after(before, 3);
    SnapshotDelta delta = SnapshotDelta.between(before, snapshot);
    beat(new BeatContent.Delta(revision + 1, revision++, digest(), delta), true);
  }

  private String digest() {
    return ContentDigest.text(ContentDigest.of(snapshot.objects()));
  }

  private void beat(BeatContent sent, boolean known) {
    Heartbeat beat =
        new Heartbeat(BOOT, revision, new BeatTiming(1, null, null, null, null), sent, null);
    byte[] body = known ? WriteBehindTest.gzipped(CODEC.encode(beat)) : new byte[0];
    HeldContent held = content == null ? null : content.content();
    HeldContent now = Objects.requireNonNull(HeldContent.apply(held, BOOT, sent).held());
    content = ClusterContent.after(content, now, beat, body);
  }

  private ClusterContent held() {
    return Objects.requireNonNull(content);
  }

  @Test
  void a_full_beat_and_deltas_are_read_again_from_what_was_received() {
    full(true);
    for (int i = 0; i < 5; i++) {
      delta();
      HeldContent open = held().content();
      held().close();
      assertThat(held().isOpen()).isFalse();
      assertThat(held().content()).isEqualTo(open);
      assertThat(held().isOpen()).isFalse();
    }
  }

  @Test
  void more_deltas_than_are_worth_keeping_are_encoded_when_it_is_closed() {
    full(true);
    for (int i = 0; i < 20; i++) {
      delta();
    }
    HeldContent open = held().content();
    held().close();
    assertThat(held().content()).isEqualTo(open);
    delta();
    open = held().content();
    held().close();
    assertThat(held().content()).isEqualTo(open);
  }

  @Test
  void content_of_which_no_body_is_known_is_encoded_when_it_is_closed() {
    full(false);
    delta();
    HeldContent open = held().content();
    held().close();
    assertThat(held().content()).isEqualTo(open);
    assertThat(StoredContent.after(null, BOOT, 1, held().encoded())).isEqualTo(open);
  }

  @Test
  void a_body_with_more_in_it_than_content_is_not_kept() {
    HeldContent now =
        Objects.requireNonNull(
            HeldContent.apply(null, BOOT, new BeatContent.Full(1, digest(), snapshot)).held());
    byte[] padded = Arrays.copyOf(new byte[] {0x1f, (byte) 0x8b}, 20_000_000);
    ClusterContent padding = ClusterContent.of(now, ReceivedBodies.of(padded));
    padding.close();
    assertThat(padding.content()).isEqualTo(now);
  }

  @Test
  void what_is_asked_of_every_cluster_needs_no_opening() {
    full(true);
    held().close();
    assertThat(held().head()).isEqualTo(held().content().head());
    assertThat(held().info()).isEqualTo(snapshot.info());
    assertThat(held().section(Section.PODS)).isEqualTo(snapshot.section(Section.PODS));
    assertThat(held().nodes()).isEqualTo(3);
    assertThat(held().pods()).isEqualTo(snapshot.objects().pods().size());
    assertThat(held().allocatable()).hasSize(3);
    assertThat(held().isOpen()).isFalse();
  }

  @Test
  void as_many_are_open_as_there_is_room_for() {
    full(true);
    OpenContents contents = new OpenContents(4L * held().weight());
    List<ClusterContent> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ClusterContent one = ClusterContent.of(held().content(), ReceivedBodies.NONE);
      all.add(one);
      contents.add(cluster(i), one);
    }
    assertThat(all.stream().filter(ClusterContent::isOpen)).hasSize(4);
    assertThat(all).allMatch(one -> one.snapshot().equals(snapshot));
  }

  private static LiveCluster cluster(int number) {
    ClusterRow row =
        new ClusterRow(
            new ClusterId("c" + number),
            new OrganizationId("acme"),
            "c" + number,
            Environment.UNSPECIFIED,
            Map.of(),
            null,
            null,
            null,
            null,
            null,
            Instant.EPOCH);
    return new LiveCluster(ClusterState.fresh(row, null), () -> new BeatBudget(8, 1, 0));
  }
}
