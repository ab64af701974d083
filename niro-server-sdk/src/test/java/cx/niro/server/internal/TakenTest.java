package cx.niro.server.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.BootId;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.BeatTiming;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeldContent;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.SnapshotDelta;
import cx.niro.core.testkit.SnapshotChanges;
import cx.niro.core.testkit.Snapshots;
import cx.niro.server.internal.Ingest.Message;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Content that was taken and cannot be read again is sent anew by its agent. */
class TakenTest {
  private static final BootId BOOT = new BootId("b");
  private static final byte[] NOT_KNOWN = {};

  private final Snapshots source = Snapshots.seeded(5);
  private final ClusterSnapshot first = source.cluster(1, 5);
  private final ClusterSnapshot second = new SnapshotChanges(source).after(first, 2);
  private final ClusterContent unreadable = unreadable();

  private static Message message(BeatContent sent) {
    BeatTiming timing = new BeatTiming(1, null, null, null, null);
    return new Message(new Heartbeat(BOOT, 1, timing, sent, null), NOT_KNOWN);
  }

  private ClusterContent unreadable() {
    ReceivedBodies garbage = ReceivedBodies.of("{]".getBytes(UTF_8));
    ClusterContent content = ClusterContent.of(new HeldContent(BOOT, 1, first, 0, 0), garbage);
    content.close();
    return content;
  }

  @Test
  void a_delta_is_answered_with_the_wish_for_everything() {
    SnapshotDelta delta = SnapshotDelta.between(first, second);
    Taken taken = Taken.of(unreadable, message(new BeatContent.Delta(2, 1, null, delta)));
    assertThat(taken.changed()).isFalse();
    assertThat(taken.resync()).contains("nothing is held");
  }

  @Test
  void a_full_beat_takes_its_place() {
    Taken taken = Taken.of(unreadable, message(new BeatContent.Full(2, null, second)));
    assertThat(taken.changed()).isTrue();
    assertThat(Objects.requireNonNull(taken.content()).snapshot()).isEqualTo(second);
  }

  @Test
  void until_then_it_says_nothing_and_is_an_error_to_nobody() {
    assertThat(unreadable.snapshot()).isEqualTo(ClusterSnapshot.EMPTY);
    assertThat(unreadable.opened()).isSameAs(unreadable);
    assertThat(unreadable.pods()).isEqualTo(5);
    Taken taken = Taken.of(unreadable, message(new BeatContent.Unchanged(1, null)));
    assertThat(taken.resync()).isNull();
  }
}
