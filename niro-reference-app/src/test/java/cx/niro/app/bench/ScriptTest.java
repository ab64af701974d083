package cx.niro.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeldContent;
import cx.niro.core.protocol.NiroCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class ScriptTest {
  private final NiroCodec codec = NiroCodec.create();
  private final Script script = new Script(1, 3, 60);

  @Test
  void every_beat_follows_the_one_before_all_the_way_round() throws IOException {
    HeldContent held = null;
    for (int i = 1; i <= 20; i++) {
      held = taken(held, heartbeat(i, i == 1 ? Script.Kind.FULL : Script.Kind.DELTA));
      held = taken(held, heartbeat(i, Script.Kind.UNCHANGED));
      held = taken(held, heartbeat(i, Script.Kind.USAGE));
    }
    assertThat(held.revision()).isEqualTo(20);
    assertThat(held.snapshot().objects().pods()).hasSize(60);
  }

  @Test
  void a_delta_replaces_three_pods() throws IOException {
    for (int i = 1; i <= 8; i++) {
      BeatContent.Delta delta = (BeatContent.Delta) heartbeat(i, Script.Kind.DELTA).content();
      assertThat(delta.delta().changed().pods()).as("step %d", i).hasSize(3);
      assertThat(delta.baseRevision()).isEqualTo(i - 1);
    }
  }

  @Test
  void usage_is_whole_in_a_full_beat_and_what_moved_in_others() throws IOException {
    assertThat(heartbeat(3, Script.Kind.FULL).usage().containers().uids()).hasSize(60);
    assertThat(heartbeat(3, Script.Kind.USAGE).usage().containers().uids()).hasSizeBetween(1, 40);
    assertThat(heartbeat(3, Script.Kind.UNCHANGED).usage()).isNull();
  }

  private static HeldContent taken(HeldContent held, Heartbeat beat) {
    HeldContent.Applied applied = HeldContent.apply(held, beat.bootId(), beat.content());
    assertThat(applied.resync()).isNull();
    return applied.held();
  }

  private Heartbeat heartbeat(long revision, Script.Kind kind) throws IOException {
    Beat.Numbers numbers = new Beat.Numbers("boot-1", 7, 1_767_600_000_000L, revision);
    Beat.Body body = script.at(revision, kind).with(numbers);
    InputStream in = new ByteArrayInputStream(body.bytes());
    byte[] plain = (body.gzip() ? new GZIPInputStream(in) : in).readAllBytes();
    assertThat(plain).hasSize(body.plainBytes());
    Heartbeat beat = codec.decode(Heartbeat.class, plain);
    assertThat(beat.content().revision()).isEqualTo(revision);
    return beat;
  }
}
