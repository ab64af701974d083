package cx.niro.app.bench;

import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Figures that wander around levels of their own, and which of them moved noticeably. */
final class UsageWalk {
  private static final long MIB = 1L << 20;
  private static final double NOTICEABLE = 0.05;
  private static final long NOTICEABLE_MILLIS = 10;
  private static final long NOTICEABLE_BYTES = 8 * MIB;

  /** Whose figures, and where they are. */
  private static final class Load {
    final String uid;
    final String name;
    final double[] level;
    final double[] now;
    final double[] sent = new double[2];

    Load(String uid, String name, double cpu, double memory) {
      this.uid = uid;
      this.name = name;
      this.level = new double[] {cpu, memory};
      this.now = level.clone();
    }

    boolean moved() {
      return moved(0, NOTICEABLE_MILLIS) || moved(1, NOTICEABLE_BYTES);
    }

    private boolean moved(int which, double least) {
      return Math.abs(now[which] - sent[which]) >= Math.max(least, sent[which] * NOTICEABLE);
    }
  }

  private final SplittableRandom random;
  private final List<Load> nodes = new ArrayList<>();
  private final List<Load> containers = new ArrayList<>();

  UsageWalk(long seed, ClusterSnapshot cluster) {
    this.random = new SplittableRandom(seed);
    cluster
        .objects()
        .nodes()
        .forEach(node -> nodes.add(new Load(node.meta().uid(), "", 900, 3000 * MIB)));
    cluster
        .objects()
        .pods()
        .forEach(
            pod ->
                pod.status()
                    .containers()
                    .forEach(one -> containers.add(load(pod.meta().uid(), one.name()))));
  }

  private Load load(String uid, String name) {
    double cpu = 5 + 120 * random.nextDouble() * random.nextDouble();
    double memory = (20 + 260 * random.nextDouble() * random.nextDouble()) * MIB;
    return new Load(uid, name, cpu, memory);
  }

  void step() {
    nodes.forEach(this::drift);
    containers.forEach(this::drift);
  }

  private void drift(Load load) {
    double cpu = load.now[0];
    double memory = load.now[1];
    double cpuNoise = load.level[0] * 0.12 * random.nextGaussian();
    double memoryNoise = load.level[1] * 0.01 * random.nextGaussian();
    load.now[0] = Math.max(1, cpu + 0.2 * (load.level[0] - cpu) + cpuNoise);
    load.now[1] = Math.max(MIB, memory + 0.1 * (load.level[1] - memory) + memoryNoise);
  }

  /** What moved counts as heard from now on. */
  void sent() {
    for (List<Load> loads : List.of(nodes, containers)) {
      loads.stream()
          .filter(Load::moved)
          .forEach(load -> System.arraycopy(load.now, 0, load.sent, 0, 2));
    }
  }

  Usage all() {
    return new Usage(1L, columns(nodes, false), columns(containers, false));
  }

  Usage moved() {
    return new Usage(1L, columns(nodes, true), columns(containers, true));
  }

  private static Usage.Columns columns(List<Load> all, boolean onlyMoved) {
    List<Load> loads = all.stream().filter(load -> !onlyMoved || load.moved()).toList();
    return new Usage.Columns(
        loads.stream().map(load -> load.uid).toList(),
        loads.stream().map(load -> load.name).filter(name -> !name.isEmpty()).toList(),
        loads.stream().map(load -> (long) load.now[0]).toList(),
        loads.stream().map(load -> (long) load.now[1]).toList());
  }
}
