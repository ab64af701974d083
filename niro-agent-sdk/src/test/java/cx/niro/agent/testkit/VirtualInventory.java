package cx.niro.agent.testkit;

import cx.niro.agent.spi.InventorySource;
import cx.niro.agent.spi.LogSource;
import cx.niro.agent.spi.Observation;
import cx.niro.core.protocol.LogRequest;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Usage;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.Snapshots;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * What a virtual cluster shows to its agent: a generated cluster that changes as its spec says. The
 * agent calls it from one thread at a time.
 */
final class VirtualInventory implements InventorySource {
  private final VirtualClusterSpec spec;
  private final InstantSource instants;
  private final long startedAt;
  private final Snapshots generator;
  private final RandomGenerator random;
  private final VirtualUsage usage;
  private final ClusterSnapshot base;
  private final Map<String, Workload> owners;
  private final List<Pod> pods;
  private volatile Inventory lastShown = Inventory.EMPTY;

  VirtualInventory(VirtualClusterSpec spec, long seed, InstantSource instants) {
    this.spec = spec;
    this.instants = instants;
    startedAt = instants.millis();
    generator = Snapshots.seeded(seed);
    random = new SplittableRandom(seed);
    usage = new VirtualUsage(new SplittableRandom(~seed));
    base = generator.cluster(spec.nodes(), spec.pods());
    pods = new ArrayList<>(base.objects().pods());
    owners =
        base.objects().workloads().stream()
            .map(this::withReplicas)
            .collect(Collectors.toMap(one -> one.meta().uid(), Function.identity()));
  }

  /** The generator makes one replica of everything; here there are as many as there are pods. */
  private Workload withReplicas(Workload one) {
    int count = (int) pods.stream().filter(pod -> isOwner(one, pod)).count();
    return Snapshots.hashed(
        new Workload(
            one.meta(),
            one.kind(),
            one.generation(),
            one.observedGeneration(),
            one.paused(),
            one.suspended(),
            count,
            new Workload.Replicas(count, count, count, count, 0, null, null, null),
            one.rollout(),
            one.conditions(),
            one.job(),
            one.cron(),
            one.templateHash(),
            one.template()));
  }

  private static boolean isOwner(Workload workload, Pod pod) {
    return pod.meta().rootOwner() != null
        && workload.meta().uid().equals(pod.meta().rootOwner().uid());
  }

  @Override
  public Observation collect() {
    if (random.nextDouble() < spec.churn()) {
      replaceOnePod();
    }
    long now = instants.millis();
    List<Node> nodes = new ArrayList<>(base.objects().nodes());
    List<Pod> shown = new ArrayList<>(pods);
    List<WarningEvent> events = new ArrayList<>();
    Duration sinceStart = Duration.ofMillis(now - startedAt);
    for (VirtualTrouble trouble : spec.troubles()) {
      if (!trouble.going(sinceStart).isNegative()) {
        strike(trouble, trouble.going(sinceStart), nodes, shown, events);
      }
    }
    Inventory objects = base.objects();
    Inventory changed =
        new Inventory(
            nodes,
            shown,
            List.copyOf(owners.values()),
            events,
            objects.persistentVolumeClaims(),
            objects.serviceAccounts(),
            objects.autoscalers());
    lastShown = changed;
    Usage figures = usage.at(now, nodes, shown);
    return new Observation(new ClusterSnapshot(info(), base.sections(), changed), figures);
  }

  /** What was shown last; for any thread. */
  Inventory shown() {
    return lastShown;
  }

  /** What the pods that were shown last write; for any thread. */
  LogSource logs() {
    return new VirtualLogs(
        instants,
        request -> shown(request).isPresent(),
        request -> shown(request).filter(VirtualInventory::isCrashing).isPresent());
  }

  private Optional<Pod> shown(LogRequest request) {
    return lastShown.pods().stream()
        .filter(pod -> request.pod().equals(pod.meta().name()))
        .filter(pod -> request.namespace().equals(pod.meta().namespace()))
        .findFirst();
  }

  private static boolean isCrashing(Pod pod) {
    return pod.status().containers().stream()
        .anyMatch(status -> status.running() == null && status.restartCount() > 0);
  }

  private ClusterInfo info() {
    ClusterInfo generated = base.info();
    return new ClusterInfo(
        null,
        generated.kubernetesVersion(),
        generated.distribution(),
        generated.kubeSystemUid(),
        null,
        new Capabilities(Set.of(Capabilities.PODS, Capabilities.APPLY)),
        generated.api());
  }

  private void replaceOnePod() {
    if (pods.isEmpty()) {
      return;
    }
    int index = random.nextInt(pods.size());
    Pod old = pods.get(index);
    owners.values().stream()
        .filter(owner -> isOwner(owner, old))
        .findFirst()
        .ifPresent(owner -> pods.set(index, generator.pod(owner, old.nodeName())));
  }

  private void strike(
      VirtualTrouble trouble,
      Duration going,
      List<Node> nodes,
      List<Pod> shown,
      List<WarningEvent> events) {
    long began = startedAt + trouble.begins().toMillis();
    switch (trouble.kind()) {
      case SILENCE -> {
        // The agent's matter, not the inventory's.
      }
      case NODE_NOT_READY -> {
        for (int i = nodes.size() - 1; i >= Math.max(0, nodes.size() - trouble.count()); i--) {
          nodes.set(i, Sickness.notReady(nodes.get(i), began));
        }
      }
      case CRASH_LOOP -> {
        for (int i : lastOnes(shown, trouble.count(), 0)) {
          Pod sick = Sickness.crashLooping(shown.get(i), began, going);
          shown.set(i, sick);
          events.add(
              Sickness.event(
                  sick, "BackOff", "Back-off restarting failed container", began, going));
        }
      }
      case IMAGE_PULL_ERROR -> {
        for (int i : lastOnes(shown, trouble.count(), 1)) {
          Pod sick = Sickness.pullingFails(shown.get(i), began, going);
          shown.set(i, sick);
          events.add(
              Sickness.event(sick, "Failed", "Failed to pull image: not found", began, going));
        }
      }
    }
  }

  /** Every second index from the end, so that two troubles do not strike the same pods. */
  private static List<Integer> lastOnes(List<Pod> pods, int count, int offset) {
    List<Integer> indexes = new ArrayList<>();
    for (int i = pods.size() - 1 - offset; i >= 0 && indexes.size() < count; i -= 2) {
      indexes.add(i);
    }
    return indexes;
  }
}
