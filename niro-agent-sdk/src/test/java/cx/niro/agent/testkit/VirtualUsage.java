package cx.niro.agent.testkit;

import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Usage figures that wobble around a level of their own. For one thread. */
final class VirtualUsage {
  private static final long MIB = 1L << 20;
  private static final long NODE_MEMORY = 700 * MIB;

  /** Where a container's figures are now; they drift towards the level. */
  private static final class Load {
    final double cpuLevel;
    final double memoryLevel;
    double cpu;
    double memory;

    Load(RandomGenerator random) {
      cpuLevel = 5 + 120 * random.nextDouble() * random.nextDouble();
      memoryLevel = (20 + 260 * random.nextDouble() * random.nextDouble()) * MIB;
      cpu = cpuLevel;
      memory = memoryLevel;
    }

    void drift(RandomGenerator random) {
      cpu = Math.max(1, cpu + 0.2 * (cpuLevel - cpu) + cpuLevel * 0.12 * random.nextGaussian());
      double pull = 0.1 * (memoryLevel - memory);
      memory = Math.max(MIB, memory + pull + memoryLevel * 0.01 * random.nextGaussian());
    }
  }

  private final RandomGenerator random;
  private Map<String, Load> loads = new HashMap<>();

  VirtualUsage(RandomGenerator random) {
    this.random = random;
  }

  Usage at(long now, List<Node> nodes, List<Pod> pods) {
    Map<String, Load> next = new HashMap<>();
    Map<String, double[]> byNode = new HashMap<>();
    List<String> uids = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Long> cpu = new ArrayList<>();
    List<Long> memory = new ArrayList<>();
    for (Pod pod : pods) {
      if (pod.status().containers().stream().allMatch(one -> one.running() == null)) {
        continue;
      }
      Load load = loads.getOrDefault(pod.meta().uid(), new Load(random));
      load.drift(random);
      next.put(pod.meta().uid(), load);
      uids.add(pod.meta().uid());
      names.add(pod.status().containers().get(0).name());
      cpu.add((long) load.cpu);
      memory.add((long) load.memory);
      double[] sum = byNode.computeIfAbsent(String.valueOf(pod.nodeName()), key -> new double[2]);
      sum[0] += load.cpu;
      sum[1] += load.memory;
    }
    loads = next;
    return new Usage(now, nodes(nodes, byNode), new Usage.Columns(uids, names, cpu, memory));
  }

  private Usage.Columns nodes(List<Node> nodes, Map<String, double[]> byNode) {
    List<String> uids = new ArrayList<>();
    List<Long> cpu = new ArrayList<>();
    List<Long> memory = new ArrayList<>();
    for (Node node : nodes) {
      double[] sum = byNode.getOrDefault(node.meta().name(), new double[2]);
      uids.add(node.meta().uid());
      cpu.add((long) (sum[0] + 60 + 10 * random.nextDouble()));
      memory.add((long) sum[1] + NODE_MEMORY);
    }
    return new Usage.Columns(uids, List.of(), cpu, memory);
  }
}
