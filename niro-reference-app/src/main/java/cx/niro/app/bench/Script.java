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
import cx.niro.core.snapshot.Usage;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated cluster tells, made by the real codec, as a ring: with each step three pods are
 * replaced, and halfway round the old ones come back. Usage is a random walk of which a beat holds
 * what moved noticeably.
 */
final class Script {
  /** Pods that are replaced with each step. */
  private static final int REPLACED = 3;

  private static final int HALF = 4;
  private static final int STEPS = 2 * HALF;

  /** What is sent. */
  enum Kind {
    /** Everything again, three pods being new. */
    FULL,
    /** Three pods replaced. */
    DELTA,
    /** Nothing changed, but some usage moved. */
    USAGE,
    /** Nothing changed or moved. */
    UNCHANGED
  }

  private final List<Map<Kind, Beat>> beats = new ArrayList<>();
  private final NiroCodec codec = NiroCodec.create();

  Script(long seed, int nodes, int pods) {
    Snapshots source = Snapshots.seeded(seed);
    ClusterSnapshot first = source.cluster(nodes, pods);
    List<ClusterSnapshot> ring = ring(source, first);
    UsageWalk walk = new UsageWalk(seed, first);
    walk.sent();
    for (int i = 0; i < STEPS; i++) {
      ClusterSnapshot before = ring.get((i + STEPS - 1) % STEPS);
      ClusterSnapshot now = ring.get(i);
      String digest = ContentDigest.text(ContentDigest.of(now.objects()));
      SnapshotDelta delta = SnapshotDelta.between(before, now);
      walk.step();
      beats.add(
          Map.of(
              Kind.FULL, beat(new BeatContent.Full(2, digest, now), walk.all()),
              Kind.DELTA, beat(new BeatContent.Delta(2, 1, digest, delta), walk.moved()),
              Kind.USAGE, beat(new BeatContent.Unchanged(2, digest), walk.moved()),
              Kind.UNCHANGED, beat(new BeatContent.Unchanged(2, digest), null)));
      walk.sent();
    }
  }

  private Beat beat(BeatContent content, @Nullable Usage usage) {
    BeatTiming timing = new BeatTiming(1, null, null, null, null);
    return new Beat(codec.encode(new Heartbeat(new BootId("b"), 1, timing, content, usage)));
  }

  /** The beat at a step, which follows the one before. */
  Beat at(long step, Kind kind) {
    return Objects.requireNonNull(beats.get((int) (step % STEPS)).get(kind));
  }

  private static List<ClusterSnapshot> ring(Snapshots source, ClusterSnapshot first) {
    List<ClusterSnapshot> there = new ArrayList<>(List.of(first));
    for (int i = 0; i < HALF; i++) {
      there.add(replaced(source, first, there.get(i), i));
    }
    List<ClusterSnapshot> ring = new ArrayList<>(there);
    // Each step back restores the three pods that the same step forth replaced.
    for (int i = 0; i < HALF - 1; i++) {
      ring.add(restored(first, ring.get(ring.size() - 1), i));
    }
    return ring;
  }

  private static ClusterSnapshot replaced(
      Snapshots source, ClusterSnapshot first, ClusterSnapshot before, int step) {
    List<Pod> pods = new ArrayList<>(before.objects().pods());
    for (int i = step * REPLACED; i < Math.min(pods.size(), (step + 1) * REPLACED); i++) {
      Pod old = pods.get(i);
      pods.set(i, source.pod(owner(first, old), Objects.requireNonNull(old.nodeName())));
    }
    return with(before, pods);
  }

  private static ClusterSnapshot restored(ClusterSnapshot first, ClusterSnapshot now, int step) {
    List<Pod> pods = new ArrayList<>(now.objects().pods());
    for (int i = step * REPLACED; i < Math.min(pods.size(), (step + 1) * REPLACED); i++) {
      pods.set(i, first.objects().pods().get(i));
    }
    return with(now, pods);
  }

  private static Workload owner(ClusterSnapshot cluster, Pod pod) {
    String uid = Objects.requireNonNull(pod.meta().rootOwner()).uid();
    return cluster.objects().workloads().stream()
        .filter(workload -> workload.meta().uid().equals(uid))
        .findFirst()
        .orElseThrow();
  }

  private static ClusterSnapshot with(ClusterSnapshot from, List<Pod> pods) {
    Inventory was = from.objects();
    Inventory objects =
        new Inventory(
            was.nodes(),
            pods,
            was.workloads(),
            was.events(),
            was.persistentVolumeClaims(),
            was.serviceAccounts(),
            was.autoscalers());
    return new ClusterSnapshot(from.info(), from.sections(), objects);
  }
}
