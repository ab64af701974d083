package cx.niro.app.bench;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.incident.BeatWatch;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.DetectionInput;
import cx.niro.core.incident.DetectionResult;
import cx.niro.core.incident.DetectionState;
import cx.niro.core.incident.rules.StandardRules;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.BeatTiming;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.SnapshotDelta;
import cx.niro.core.testkit.SnapshotChanges;
import cx.niro.core.testkit.Snapshots;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code DetectionMain [--nodes 3] [--pods 60] [--beats 100] [--rounds 40]}: processor time of
 * detection for a beat in which one pod crashed, beside that of decoding the beat, in turns within
 * one process; half of the rounds are warm-up. Then what an unchanged beat costs, and the bytes of
 * state.
 */
public final class DetectionMain {
  private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
  private static final Duration INTERVAL = Duration.ofSeconds(15);
  private static final BootId BOOT = new BootId("boot-1");

  private final NiroCodec codec = NiroCodec.create();
  private final DetectionEngine engine = DetectionEngine.of(StandardRules.all());
  private final List<ClusterSnapshot> seen = new ArrayList<>();
  private final List<byte[]> fulls = new ArrayList<>();
  private final List<byte[]> deltas = new ArrayList<>();
  private DetectionState state = DetectionState.EMPTY;
  private Instant now = START;
  private BeatWatch watch = BeatWatch.EMPTY;
  private long blackHole;

  private DetectionMain(int nodes, int pods, int beats) {
    ClusterSnapshot well = Snapshots.seeded(1).cluster(nodes, pods);
    ClusterSnapshot before = well;
    for (int i = 0; i < beats; i++) {
      ClusterSnapshot next = crashed(well, i % well.objects().pods().size());
      seen.add(next);
      fulls.add(beat(new BeatContent.Full(i + 2L, null, next)));
      deltas.add(
          beat(new BeatContent.Delta(i + 2L, i + 1L, null, SnapshotDelta.between(before, next))));
      before = next;
    }
  }

  public static void main(String[] args) {
    Arguments arguments = new Arguments(args);
    int beats = arguments.number("beats", 100);
    int rounds = arguments.number("rounds", 40);
    DetectionMain main =
        new DetectionMain(arguments.number("nodes", 3), arguments.number("pods", 60), beats);
    main.measure(rounds, beats);
  }

  private static ClusterSnapshot crashed(ClusterSnapshot well, int index) {
    Inventory was = well.objects();
    List<Pod> pods = new ArrayList<>(was.pods());
    pods.set(index, SnapshotChanges.crashed(pods.get(index)));
    Inventory objects =
        new Inventory(
            was.nodes(),
            pods,
            was.workloads(),
            was.events(),
            was.persistentVolumeClaims(),
            was.serviceAccounts(),
            was.autoscalers());
    return new ClusterSnapshot(well.info(), well.sections(), objects);
  }

  private byte[] beat(BeatContent content) {
    return codec.encode(new Heartbeat(BOOT, 1, timing(START), content, null));
  }

  private static BeatTiming timing(Instant at) {
    return new BeatTiming(
        at.toEpochMilli(), at.toEpochMilli() - START.toEpochMilli(), 15_000L, null, 20L);
  }

  private void measure(int rounds, int beats) {
    List<Runnable> works =
        List.of(
            () -> fulls.forEach(this::decode),
            () -> deltas.forEach(this::decode),
            () -> seen.forEach(this::detect),
            () -> seen.forEach(any -> arrive()));
    // Each goes first as often as any other, so that none profits from its place.
    long[][] nanos = new long[works.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < works.size(); i++) {
        int turn = (i + round) % works.size();
        nanos[turn][round] = processorTime(works.get(turn));
      }
    }
    report(nanos, works.size(), beats);
  }

  private static long processorTime(Runnable work) {
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    work.run();
    return threads.getCurrentThreadCpuTime() - before;
  }

  private void decode(byte[] document) {
    blackHole += codec.decode(Heartbeat.class, document).sequence();
  }

  private void detect(ClusterSnapshot snapshot) {
    now = now.plus(INTERVAL);
    DetectionInput.Liveness liveness =
        new DetectionInput.Liveness(now, now, Duration.ofSeconds(65), Duration.ofSeconds(150));
    DetectionInput.Beat beat = new DetectionInput.Beat(now, 1, 1, false);
    DetectionInput input =
        new DetectionInput(
            new ClusterId("c1"), Environment.STAGING, snapshot, beat, liveness, watch.facts(), now);
    DetectionResult result = engine.evaluate(state, input);
    state = result.state();
    blackHole += result.transitions().size();
  }

  private void arrive() {
    now = now.plus(INTERVAL);
    BeatWatch next = watch.heard(BOOT, timing(now), now, START);
    blackHole += engine.heeds(watch.facts(), next.facts()) ? 1 : 0;
    watch = next;
  }

  private void report(long[][] nanos, int works, int beats) {
    String[] names = {"decode, full", "decode, delta", "detection", "unchanged beat, its arrival"};
    double full = median(nanos[0]) / beats;
    for (int i = 0; i < works; i++) {
      double each = median(nanos[i]) / beats;
      System.out.printf(
          "%-28s %9.1f µs, %5.2f of a full beat%n", names[i], each / 1e3, each / full);
    }
    System.out.printf(
        "full beat %d bytes, delta %d bytes, state %d bytes, %d rules, %d%n",
        fulls.get(0).length,
        deltas.get(deltas.size() - 1).length,
        state.text().getBytes(StandardCharsets.UTF_8).length,
        engine.rules().size(),
        blackHole);
  }

  /** Of the second half. */
  private static double median(long[] nanos) {
    long[] warm = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
    Arrays.sort(warm);
    return warm[warm.length / 2];
  }
}
