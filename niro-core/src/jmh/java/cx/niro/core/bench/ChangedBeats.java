package cx.niro.core.bench;

import cx.niro.core.BootId;
import cx.niro.core.protocol.BeatContent;
import cx.niro.core.protocol.BeatTiming;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeldContent;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.SnapshotDelta;
import cx.niro.core.snapshot.Usage;
import cx.niro.core.snapshot.Usage.Columns;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.snapshot.Workload.Replicas;
import cx.niro.core.testkit.SnapshotChanges;
import cx.niro.core.testkit.Snapshots;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of 3 nodes and 60 pods in which another pod crashes with each beat and the one before
 * is well again, or three pods are replaced by new ones of the same workloads; one in five nodes
 * and containers uses noticeably more or less.
 */
final class ChangedBeats {
  static final BootId BOOT = new BootId("boot-1");
  private static final int COUNT = 50;

  /** The content as it is held after each beat; the last is followed by the first. */
  final List<HeldContent> held = new ArrayList<>();

  final List<BeatContent> contents = new ArrayList<>();
  final List<byte[]> deltas = new ArrayList<>();
  final List<byte[]> fulls = new ArrayList<>();
  final Usage usage;

  private final Snapshots source = Snapshots.seeded(1);
  private final ClusterSnapshot well;
  private final String change;
  private ClusterSnapshot latest;

  /**
   * @param change {@code pod}; {@code whole} with the workloads' numbers and a warning event, as
   *     when a container really ends; {@code replaced}
   * @param sick one more pod crashed long ago and is not mended
   */
  ChangedBeats(String change, boolean sick) {
    this.change = change;
    ClusterSnapshot healthy = source.cluster(3, 60);
    this.well = sick ? crashed(healthy, 59, 9) : healthy;
    this.latest = well;
    this.usage = usage(well);
    NiroCodec codec = NiroCodec.create();
    HeldContent before = apply(null, new BeatContent.Full(1, null, beat(0)));
    for (int i = 1; i <= COUNT; i++) {
      ClusterSnapshot next = beat(i % COUNT);
      SnapshotDelta delta = SnapshotDelta.between(before.snapshot(), next);
      BeatContent content =
          new BeatContent.Delta(before.revision() + 1, before.revision(), null, delta);
      deltas.add(codec.encode(heartbeat(content)));
      fulls.add(codec.encode(heartbeat(new BeatContent.Full(i + 1, null, next))));
      contents.add(content);
      held.add(before);
      before = apply(before, content);
    }
  }

  static HeldContent apply(@Nullable HeldContent before, BeatContent content) {
    HeldContent after = HeldContent.apply(before, BOOT, content).held();
    if (after == null || after == before) {
      throw new IllegalStateException("not taken: " + content);
    }
    return after;
  }

  private Heartbeat heartbeat(BeatContent content) {
    BeatTiming timing = new BeatTiming(1_767_600_000_000L, 90_000L, 15_000L, null, 20L);
    return new Heartbeat(BOOT, content.revision(), timing, content, usage);
  }

  private ClusterSnapshot beat(int i) {
    if (!change.equals("replaced")) {
      return crashed(well, i, 1);
    }
    latest = i == 0 ? well : replaced(latest);
    return latest;
  }

  /** The three oldest give way to new ones with the same owners, which come last. */
  private ClusterSnapshot replaced(ClusterSnapshot from) {
    Inventory was = from.objects();
    List<Pod> pods = new ArrayList<>(was.pods());
    for (int i = 0; i < 3; i++) {
      Pod gone = pods.remove(0);
      for (Workload workload : was.workloads()) {
        if (isOf(gone, workload)) {
          pods.add(source.pod(workload, "k3s-agent-0"));
        }
      }
    }
    return with(from, pods, was.workloads(), was.events());
  }

  private ClusterSnapshot crashed(ClusterSnapshot from, int index, int times) {
    Inventory was = from.objects();
    List<Pod> pods = new ArrayList<>(was.pods());
    for (int i = 0; i < times; i++) {
      pods.set(index, SnapshotChanges.crashed(pods.get(index)));
    }
    List<Workload> workloads = new ArrayList<>(was.workloads());
    List<WarningEvent> events = new ArrayList<>(was.events());
    if (change.equals("whole")) {
      workloads.replaceAll(one -> isOf(pods.get(index), one) ? oneShort(one) : one);
      events.add(source.event(pods.get(index)));
    }
    return with(from, pods, workloads, events);
  }

  private static ClusterSnapshot with(
      ClusterSnapshot from, List<Pod> pods, List<Workload> workloads, List<WarningEvent> events) {
    Inventory was = from.objects();
    Inventory objects =
        new Inventory(
            was.nodes(),
            pods,
            workloads,
            events,
            was.persistentVolumeClaims(),
            was.serviceAccounts(),
            was.autoscalers());
    return new ClusterSnapshot(from.info(), from.sections(), objects);
  }

  private static boolean isOf(Pod pod, Workload workload) {
    var root = pod.meta().rootOwner();
    return root != null && root.uid().equals(workload.meta().uid());
  }

  /** One replica less is there. */
  private static Workload oneShort(Workload was) {
    Replicas all = was.replicas();
    Integer ready = all == null || all.ready() == null ? null : Integer.valueOf(all.ready() - 1);
    Replicas less =
        all == null
            ? null
            : new Replicas(all.total(), ready, ready, all.updated(), 1, null, null, null);
    return Snapshots.hashed(
        new Workload(
            was.meta(),
            was.kind(),
            was.generation(),
            was.observedGeneration(),
            was.paused(),
            was.suspended(),
            was.desiredReplicas(),
            less,
            was.rollout(),
            was.conditions(),
            was.job(),
            was.cron(),
            was.templateHash(),
            was.template()));
  }

  private static Usage usage(ClusterSnapshot cluster) {
    List<String> uids = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Long> cpu = new ArrayList<>();
    List<Long> memory = new ArrayList<>();
    for (int i = 0; i < cluster.objects().pods().size(); i += 5) {
      uids.add(cluster.objects().pods().get(i).meta().uid());
      names.add("app");
      cpu.add(100L + i);
      memory.add((100L + i) << 20);
    }
    Columns nodes =
        new Columns(
            List.of(cluster.objects().nodes().get(0).meta().uid()),
            List.of(),
            List.of(900L),
            List.of(3L << 30));
    return new Usage(1_767_600_000_000L, nodes, new Columns(uids, names, cpu, memory));
  }
}
