package cx.niro.app.bench;

import cx.niro.core.BootId;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.BeatTiming;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContentDigest;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.SnapshotDelta;
import cx.niro.core.testkit.Snapshots;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * What one simulated cluster sends, made by the real codec and packed before it is needed: its
 * content goes round in a ring in which each step changes three pods. What differs from beat to
 * beat stands before it in the same gzip stream, as it is.
 */
final class LoadBodies {
  private static final int GROUP = 3;
  private static final int GZIP_FROM = 1024;
  private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0};

  /** The end of a body: as it is, and packed. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Tail(byte[] plain, byte[] packed) {
    static Tail of(byte[] plain) {
      Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
      deflater.setInput(plain);
      deflater.finish();
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      byte[] piece = new byte[8192];
      while (!deflater.finished()) {
        packed.write(piece, 0, deflater.deflate(piece));
      }
      deflater.end();
      return new Tail(plain, packed.toByteArray());
    }
  }

  private final Tail full;
  private final List<Tail> deltas = new ArrayList<>();
  private final List<Tail> unchanged = new ArrayList<>();

  LoadBodies(long seed, int nodes, int pods) {
    ClusterSnapshot first = Snapshots.seeded(seed).cluster(nodes, pods);
    NiroCodec codec = NiroCodec.create();
    int groups = Math.max(1, Math.min(4, pods / GROUP));
    full = tail(codec, new BeatContent.Full(1, digest(first), first));
    ClusterSnapshot now = first;
    for (int step = 0; step < 2 * groups; step++) {
      unchanged.add(tail(codec, new BeatContent.Unchanged(1, digest(now))));
      ClusterSnapshot next =
          step + 1 == 2 * groups ? first : restarted(now, step % groups, step < groups ? 1 : 2);
      SnapshotDelta delta = SnapshotDelta.between(now, next);
      deltas.add(tail(codec, new BeatContent.Delta(2, 1, digest(next), delta)));
      now = next;
    }
  }

  private static String digest(ClusterSnapshot snapshot) {
    return ContentDigest.text(ContentDigest.of(snapshot.objects()));
  }

  /** As many steps as there are in the ring. */
  int steps() {
    return deltas.size();
  }

  private static ClusterSnapshot restarted(ClusterSnapshot was, int group, int seconds) {
    Inventory objects = was.objects();
    List<Pod> pods = new ArrayList<>(objects.pods());
    for (int i = group * GROUP; i < Math.min(pods.size(), (group + 1) * GROUP); i++) {
      pods.set(i, startedLater(pods.get(i), seconds));
    }
    Inventory next =
        new Inventory(
            objects.nodes(),
            pods,
            objects.workloads(),
            objects.events(),
            objects.persistentVolumeClaims(),
            objects.serviceAccounts(),
            objects.autoscalers());
    return new ClusterSnapshot(was.info(), was.sections(), next);
  }

  private static Pod startedLater(Pod pod, int seconds) {
    Pod.PodStatus was = pod.status();
    Pod.PodStatus status =
        new Pod.PodStatus(
            was.phase(),
            was.reason(),
            was.message(),
            was.conditions(),
            was.qosClass(),
            was.podIpPresent(),
            Snapshots.BORN + 1000L * seconds,
            was.deletionGraceSeconds(),
            was.nominatedNodeName(),
            was.initContainers(),
            was.containers(),
            was.ephemeralContainers());
    return Snapshots.hashed(new Pod(pod.meta(), pod.nodeName(), pod.spec(), status));
  }

  private static Tail tail(NiroCodec codec, BeatContent content) {
    BeatTiming timing = new BeatTiming(1, null, null, null, null);
    Heartbeat beat = new Heartbeat(new BootId("boot"), 1, timing, content, null);
    String text = new String(codec.encode(beat), StandardCharsets.UTF_8);
    return Tail.of(text.substring(text.indexOf("\"digest\"")).getBytes(StandardCharsets.UTF_8));
  }

  /** A body and whether it is packed. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Body(byte[] bytes, boolean gzip) {}

  Body unchanged(String head, long revision, int step) {
    return body(
        head + "{\"form\":\"unchanged\",\"revision\":" + revision + ",", unchanged.get(step));
  }

  Body full(String head, long revision) {
    return body(head + "{\"form\":\"full\",\"revision\":" + revision + ",", full);
  }

  Body delta(String head, long revision, int step) {
    String form =
        "{\"form\":\"delta\",\"revision\":%d,\"baseRevision\":%d,"
            .formatted(revision, revision - 1);
    return body(head + form, deltas.get(step));
  }

  private static Body body(String text, Tail tail) {
    byte[] head = text.getBytes(StandardCharsets.UTF_8);
    int length = head.length + tail.plain().length;
    if (length < GZIP_FROM) {
      return new Body(ByteBuffer.allocate(length).put(head).put(tail.plain()).array(), false);
    }
    CRC32 crc = new CRC32();
    crc.update(head);
    crc.update(tail.plain());
    // RFC 1951, 3.2.4: a block that is stored, and not the last
    ByteBuffer out =
        ByteBuffer.allocate(GZIP_HEAD.length + 5 + head.length + tail.packed().length + 8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(GZIP_HEAD)
            .put((byte) 0)
            .putShort((short) head.length)
            .putShort((short) ~head.length)
            .put(head)
            .put(tail.packed())
            .putInt((int) crc.getValue())
            .putInt(length);
    return new Body(out.array(), true);
  }
}
