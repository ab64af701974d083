package cx.niro.agent.scenario.day;

import cx.niro.agent.scenario.day.Behaviour.Kind;
import java.util.List;
import java.util.function.Consumer;

/**
 * What people must hear of, with what else it may bring about. Each lasts for its rule's time and
 * at least a minute more, and takes under two hours with its repair.
 */
enum Fault implements Happening {
  NODE_NOT_READY(
      town -> {
        MiniNode node = town.worker();
        town.cluster.says(node, "False", "KubeletNotReady");
        town.agenda.in(210, () -> town.cluster.comesBack(node));
        lostNode(town, "node_not_ready");
      }),
  KUBELET_STOPS(
      town -> {
        MiniNode node = town.worker();
        town.cluster.silence(node);
        town.agenda.in(50 + 150, () -> town.cluster.comesBack(node));
        lostNode(town, "node_not_ready");
      }),
  MEMORY_PRESSURE(town -> pressure(town, "MemoryPressure", "node_memory_pressure")),
  DISK_PRESSURE(town -> pressure(town, "DiskPressure", "node_disk_pressure")),
  NODE_GONE(
      town -> {
        MiniNode node = town.worker();
        lostNode(town, "node_missing");
        town.cluster.remove(node);
        town.agenda.in(460, () -> town.cluster.join(node.name, false, town.agenda.now()));
      }),
  CRASH_LOOP(town -> rollOut(town, Kind.CRASHES, 1200, "pod_crash_looping", "/container/app")),
  IMAGE_THAT_IS_NOT_THERE(
      town -> rollOut(town, Kind.NO_IMAGE, 900, "image_pull_error", "/container/app")),
  SECRET_THAT_IS_NOT_THERE(
      town -> rollOut(town, Kind.NO_CONFIG, 900, "container_config_error", "/container/app")),
  INIT_CONTAINER_FAILS(
      town -> rollOut(town, Kind.INIT_FAILS, 900, "init_container_failing", "/container/setup")),
  NO_NODE_IS_BIG_ENOUGH(town -> rollOut(town, Kind.NO_NODE, 900, "pod_unschedulable", "")),
  VOLUME_CANNOT_BE_MOUNTED(town -> rollOut(town, Kind.NO_VOLUME, 900, "volume_mount_failed", "")),
  ROLLOUT_STUCK(town -> rollOut(town, Kind.NEVER_READY, 760, "deployment_failed", "")),
  KILLED_FOR_MEMORY(
      town -> {
        MiniWorkload api = town.cluster.workload("api");
        api.rollOut(Behaviour.of(Kind.KILLED, 700));
        town.agenda.in(1600, () -> api.rollOut(Behaviour.well(5)));
        town.expect("container_oom_killed", api.scope() + "/container/app");
      }),
  CLAIM_GETS_NO_VOLUME(
      town -> {
        MiniWorkload queue =
            new MiniWorkload(town.cluster, "StatefulSet", "shop/queue", 1, Behaviour.well(5))
                .claiming("fast");
        town.claim("fast-queue-0", "Pending", "fast");
        queue.noNode("0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.");
        town.cluster.event(
            Tree.of(
                "kind",
                "PersistentVolumeClaim",
                "namespace",
                "shop",
                "name",
                "fast-queue-0",
                "uid",
                "uid-fast-queue-0"),
            "ProvisioningFailed",
            "storageclass.storage.k8s.io \"fast\" not found",
            town.agenda.now(),
            1);
        town.agenda.in(
            900,
            () -> {
              town.claim("fast-queue-0", "Bound", "fast");
              queue.noNode(null);
            });
        town.expect("pvc_pending", "pvc/shop/fast-queue-0");
        town.effect("pod_unschedulable");
        town.effect("statefulset_degraded");
      }),
  REPLICAS_UNAVAILABLE(
      town -> {
        MiniWorkload web = town.cluster.workload("web");
        MiniPod pod = web.pods().get(0);
        pod.probes(false);
        town.agenda.in(400, () -> pod.probes(true));
        town.expect("workload_replicas_unavailable", web.scope());
      }),
  STATEFUL_SET_SHORT_OF_A_POD(
      town -> {
        MiniWorkload db = town.cluster.workload("db");
        refused(town, db, 1500);
        town.expect("statefulset_degraded", db.scope());
      }),
  DAEMON_SET_SHORT_OF_A_POD(
      town -> {
        MiniWorkload exporter = town.cluster.workload("node-exporter");
        refused(town, exporter, 1200);
        town.expect("daemonset_degraded", exporter.scope());
      }),
  JOB_FAILS(
      town -> {
        MiniJob job =
            new MiniJob(town.cluster, "shop/report", null, 2, i -> Behaviour.of(Kind.FAILS, 15));
        town.agenda.in(1800, job::delete);
        town.expect("job_failed", "ns/shop/Job/report");
      }),
  EVICTION(
      town -> {
        MiniWorkload web = town.cluster.workload("web");
        MiniPod pod = web.pods().get(0);
        pod.evicted();
        town.agenda.in(3000, pod::delete);
        town.expect("pod_evicted", web.scope());
      }),
  CLUSTER_OFFLINE(
      town -> {
        town.silent(150 + 60 + town.random.nextInt(600));
        town.expect("cluster_offline", "cluster");
      }),
  API_SERVER_UNREACHABLE(
      town -> {
        town.cluster.api().answers(false);
        town.agenda.in(240, () -> town.cluster.api().answers(true));
        town.expect("api_server_unreachable", "cluster");
      }),
  DNS_IS_DOWN(
      town -> {
        MiniWorkload dns = town.cluster.workload("coredns");
        List<MiniPod> pods = dns.pods();
        pods.forEach(pod -> pod.probes(false));
        town.agenda.in(300, () -> pods.forEach(pod -> pod.probes(true)));
        town.expect("k3s_component_unhealthy", dns.scope());
        town.effect("workload_replicas_unavailable");
      });

  private final Consumer<Town> what;

  Fault(Consumer<Town> what) {
    this.what = what;
  }

  /** Whether it needs a node beside the server. */
  boolean takesNodes() {
    return compareTo(CRASH_LOOP) < 0 || this == REPLICAS_UNAVAILABLE;
  }

  @Override
  public void in(Town town) {
    what.accept(town);
  }

  private static void lostNode(Town town, String type) {
    town.expect(type, "node/" + town.worker().name);
    for (String effect :
        List.of(
            "workload_replicas_unavailable",
            "statefulset_degraded",
            "daemonset_degraded",
            "k3s_component_unhealthy",
            "pod_not_ready")) {
      town.effect(effect);
    }
  }

  private static void pressure(Town town, String condition, String type) {
    MiniNode node = town.worker();
    node.says(condition, "True", "KubeletHas" + condition, town.agenda.now());
    town.cluster.write(node);
    town.agenda.in(
        300,
        () -> {
          node.says(condition, "False", "KubeletHasNo" + condition, town.agenda.now());
          town.cluster.write(node);
        });
    town.expect(type, "node/" + node.name);
  }

  /** A new version that does not come up, taken back after a while. */
  private static void rollOut(Town town, Kind kind, double lasts, String type, String container) {
    MiniWorkload web = town.cluster.workload("web");
    web.rollOut(Behaviour.of(kind));
    town.agenda.in(lasts, () -> web.rollOut(Behaviour.well(5)));
    town.expect(type, web.scope() + container);
    if (!type.equals("deployment_failed")) {
      town.effect("deployment_failed");
    }
    town.effect("pod_not_ready");
    town.effect("pod_stuck_pending");
  }

  private static void refused(Town town, MiniWorkload workload, double lasts) {
    workload.refused(true);
    workload.pods().get(0).delete();
    town.agenda.in(lasts, () -> workload.refused(false));
  }
}
