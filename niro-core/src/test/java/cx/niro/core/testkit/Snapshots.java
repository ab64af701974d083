package cx.niro.core.testkit;

import cx.niro.core.snapshot.Autoscaler;
import cx.niro.core.snapshot.Capabilities;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.PersistentVolumeClaim;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Resources;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.ServiceAccount;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes snapshots of k3s clusters that look real: the same seed and calls give the same snapshots.
 * {@link SnapshotChanges} goes on from there. For one thread.
 */
public final class Snapshots {
  /** When the oldest object of a cluster was made, epoch milliseconds. */
  public static final long BORN = 1_767_000_000_000L;

  private static final long GIB = 1L << 30;
  private static final long MIB = 1L << 20;
  private static final String KUBELET = "v1.33.5+k3s1";

  private record App(String namespace, String name, String image, int cpuMillis, int mebibytes) {}

  private static final List<App> SYSTEM =
      List.of(
          new App(
              "kube-system",
              "coredns",
              "docker.io/rancher/mirrored-coredns-coredns:1.12.3",
              100,
              70),
          new App(
              "kube-system",
              "traefik",
              "docker.io/rancher/mirrored-library-traefik:3.3.6",
              100,
              128),
          new App(
              "kube-system",
              "metrics-server",
              "docker.io/rancher/mirrored-metrics-server:v0.8.0",
              100,
              70),
          new App(
              "kube-system",
              "local-path-provisioner",
              "docker.io/rancher/local-path-provisioner:v0.0.31",
              50,
              64));

  private static final List<App> APPS =
      List.of(
          new App("shop", "storefront", "ghcr.io/example/storefront:2.14.0", 250, 256),
          new App("shop", "checkout", "ghcr.io/example/checkout:5.3.1", 200, 384),
          new App("shop", "catalog", "ghcr.io/example/catalog:1.9.7", 200, 512),
          new App("media", "transcoder", "ghcr.io/example/transcoder:0.8.2", 1000, 1024),
          new App("media", "thumbnails", "ghcr.io/example/thumbnails:0.8.2", 250, 256),
          new App("monitoring", "prometheus", "quay.io/prometheus/prometheus:v3.5.0", 500, 1536),
          new App("monitoring", "node-exporter", "quay.io/prometheus/node-exporter:v1.9.1", 50, 48),
          new App("data", "postgres", "docker.io/library/postgres:17.6", 500, 1024),
          new App("data", "redis", "docker.io/library/redis:8.2.1", 100, 128),
          new App("edge", "mqtt-bridge", "ghcr.io/example/mqtt-bridge:3.0.4", 100, 96));

  private final RandomGenerator random;

  private Snapshots(RandomGenerator random) {
    this.random = random;
  }

  /** A generator of its own sequence. */
  public static Snapshots seeded(long seed) {
    return new Snapshots(new SplittableRandom(seed));
  }

  /** A healthy cluster; every section is complete. */
  public ClusterSnapshot cluster(int nodes, int pods) {
    List<Node> hosts = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      hosts.add(node(i));
    }
    List<Workload> workloads = new ArrayList<>();
    List<Pod> running = new ArrayList<>();
    fill(hosts, pods, workloads, running);
    Inventory objects =
        new Inventory(
            hosts,
            running,
            workloads,
            List.of(),
            pods == 0 ? List.of() : List.of(claim("data", "data-postgres-0")),
            pods == 0 ? List.of() : List.of(account("default"), account("kube-system")),
            pods == 0 ? List.of() : List.of(autoscaler("shop", "storefront")));
    return new ClusterSnapshot(info(), complete(), objects);
  }

  private void fill(List<Node> hosts, int pods, List<Workload> workloads, List<Pod> running) {
    Map<String, Workload> made = new HashMap<>();
    for (int i = 0; i < pods; i++) {
      App app = i < SYSTEM.size() ? SYSTEM.get(i) : APPS.get((i - SYSTEM.size()) % APPS.size());
      Workload owner =
          made.computeIfAbsent(
              app.namespace + "/" + app.name,
              key -> {
                Workload workload = deployment(app);
                workloads.add(workload);
                return workload;
              });
      String host = hosts.isEmpty() ? null : hosts.get(i % hosts.size()).meta().name();
      running.add(pod(owner, host));
    }
  }

  private ClusterInfo info() {
    return new ClusterInfo(
        "0.1.0",
        KUBELET,
        "k3s",
        uid(),
        BORN,
        new Capabilities(java.util.Set.of(Capabilities.PODS)),
        new ClusterInfo.ApiHealth(true, true, 0, 1_900_000_000_000L));
  }

  private static Map<Section, SectionStatus> complete() {
    Map<Section, SectionStatus> sections = new EnumMap<>(Section.class);
    for (Section section : Section.values()) {
      sections.put(section, SectionStatus.COMPLETE);
    }
    return sections;
  }

  /** A node that is ready; the first is the control plane. */
  public Node node(int index) {
    String name = index == 0 ? "k3s-server-0" : "k3s-agent-" + (index - 1);
    Map<String, String> labels =
        index == 0
            ? Map.of("node-role.kubernetes.io/control-plane", "true")
            : Map.of("topology.kubernetes.io/zone", "rack-" + index % 3);
    Resources size = new Resources(4000L, 8 * GIB, 100 * GIB, 110L);
    return hashed(
        new Node(
            meta(null, name, labels),
            null,
            List.of(),
            List.of(
                new Condition(
                    "Ready", "True", "KubeletReady", "kubelet is posting ready status", BORN),
                new Condition("MemoryPressure", "False", "KubeletHasSufficientMemory", null, BORN),
                new Condition("DiskPressure", "False", "KubeletHasNoDiskPressure", null, BORN)),
            new Node.NodeInfo(
                KUBELET,
                "6.12.48",
                "Debian GNU/Linux 13 (trixie)",
                "linux",
                "amd64",
                "containerd://2.1.4-k3s1",
                uid()),
            size,
            size,
            null,
            null));
  }

  private Workload deployment(App app) {
    Resources amount = new Resources((long) app.cpuMillis, app.mebibytes * MIB, null, null);
    Container container =
        new Container(
            app.name,
            app.image,
            "IfNotPresent",
            null,
            amount,
            amount,
            List.of(),
            null,
            null,
            null,
            null,
            null,
            List.of(),
            null,
            null);
    PodSpec template =
        new PodSpec(
            "Always",
            app.name,
            null,
            null,
            null,
            null,
            null,
            null,
            List.of(),
            null,
            null,
            30L,
            null,
            null,
            List.of(),
            List.of(),
            List.of(container),
            List.of(),
            null,
            null,
            Map.of());
    return hashed(
        new Workload(
            meta(app.namespace, app.name, Map.of("app", app.name)),
            "Deployment",
            1L,
            1L,
            null,
            null,
            1,
            new Workload.Replicas(1, 1, 1, 1, 0, null, null, null),
            new Workload.Rollout("RollingUpdate", "25%", "25%", 600, 10, null, null, null),
            List.of(new Condition("Available", "True", "MinimumReplicasAvailable", null, BORN)),
            null,
            null,
            hex(app.image.hashCode()),
            template));
  }

  /** A running pod of a Deployment, whose spec is the Deployment's template. */
  public Pod pod(Workload owner, String nodeName) {
    ObjectMeta above = owner.meta();
    String replicaSet = above.name() + "-" + word(10);
    ObjectMeta meta =
        new ObjectMeta(
            uid(),
            above.namespace(),
            replicaSet + "-" + word(5),
            null,
            BORN + random.nextLong(1_000_000_000L),
            null,
            above.labels(),
            Map.of(),
            new OwnerReference("ReplicaSet", replicaSet, uid()),
            new OwnerReference(owner.kind(), above.name(), above.uid()));
    long started = BORN + random.nextLong(1_000_000_000L);
    ContainerStatus container =
        new ContainerStatus(
            above.name(),
            true,
            true,
            0,
            "sha256:" + hex(random.nextLong()),
            "containerd://" + hex(random.nextLong()),
            null,
            new ContainerStatus.Running(started),
            null,
            null);
    Pod.PodStatus status =
        new Pod.PodStatus(
            "Running",
            null,
            null,
            List.of(new Condition("Ready", "True", null, null, started)),
            "Burstable",
            true,
            started,
            null,
            null,
            List.of(),
            List.of(container),
            List.of());
    return hashed(new Pod(meta, nodeName, null, status));
  }

  private PersistentVolumeClaim claim(String namespace, String name) {
    return hashed(
        new PersistentVolumeClaim(
            meta(namespace, name, Map.of()),
            "Bound",
            "local-path",
            "WaitForFirstConsumer",
            List.of("ReadWriteOnce"),
            "pvc-" + uid(),
            8 * GIB,
            8 * GIB,
            1));
  }

  private ServiceAccount account(String namespace) {
    return hashed(new ServiceAccount(meta(namespace, "default", Map.of()), null, List.of()));
  }

  private Autoscaler autoscaler(String namespace, String target) {
    return hashed(
        new Autoscaler(
            meta(namespace, target, Map.of()),
            new OwnerReference("Deployment", target, null),
            1,
            5,
            1,
            1,
            List.of(new Condition("ScalingActive", "True", "ValidMetricFound", null, BORN))));
  }

  /** A Warning event about a pod. */
  public WarningEvent event(Pod about) {
    ObjectMeta pod = about.meta();
    return hashed(
        new WarningEvent(
            meta(pod.namespace(), pod.name() + "." + hex(random.nextLong()), Map.of()),
            "BackOff",
            "Back-off restarting failed container in pod " + pod.name(),
            new WarningEvent.InvolvedObject("Pod", pod.namespace(), pod.name(), pod.uid(), null),
            "kubelet",
            about.nodeName(),
            null,
            1 + random.nextInt(20),
            BORN,
            BORN + random.nextLong(1_000_000_000L)));
  }

  private ObjectMeta meta(String namespace, String name, Map<String, String> labels) {
    return new ObjectMeta(uid(), namespace, name, null, BORN, null, labels, Map.of(), null, null);
  }

  /** The object with a hash over everything else in it, as agents send it. */
  @SuppressWarnings("unchecked")
  public static <T extends Resource> T hashed(T object) {
    Resource bare = object.with(object.meta().withHash(null));
    UUID hash = UUID.nameUUIDFromBytes(bare.toString().getBytes(StandardCharsets.UTF_8));
    String text = HexFormat.of().toHexDigits(hash.getMostSignificantBits());
    return (T) bare.with(bare.meta().withHash(text));
  }

  RandomGenerator random() {
    return random;
  }

  private String uid() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  private String word(int length) {
    String letters = "bcdfghjklmnpqrstvwxz2456789";
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(letters.charAt(random.nextInt(letters.length())));
    }
    return word.toString();
  }

  private static String hex(long value) {
    return HexFormat.of().toHexDigits(value);
  }
}
