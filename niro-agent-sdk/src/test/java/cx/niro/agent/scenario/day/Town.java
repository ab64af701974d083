package cx.niro.agent.scenario.day;

import cx.niro.core.Environment;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A cluster of the fleet with what usually runs in one, its agent and its place in the server, and
 * what is expected of it.
 */
final class Town {
  private static final Duration BEFORE = Duration.ofMinutes(15);
  private static final double READY = 8;

  final DetectionRun run;
  final MiniCluster cluster;
  final Agenda agenda;
  final Random random;
  final Set<String> expected = new HashSet<>();
  final Set<String> effects = new HashSet<>();
  final List<String> story = new ArrayList<>();
  private final int servers;
  private final Instant start;
  private int silences;

  /**
   * @param several whether it must have more than one node
   */
  Town(DetectionEngine engine, long seed, boolean several) {
    random = new Random(seed);
    Environment[] all = Environment.values();
    run = DetectionRun.of(engine).in(all[random.nextInt(all.length)]);
    start = run.now();
    agenda = new Agenda(start.minus(BEFORE));
    cluster = new MiniCluster(agenda, random);
    servers = random.nextInt(3) == 0 && !several ? 1 : 3;
    for (int i = 0; i < servers; i++) {
      cluster.join("node-" + i, i == 0, agenda.now().minus(Duration.ofDays(20)));
    }
    furnish();
    agenda.runUntil(start);
    cluster.api().agentStarts(DetectionRun.clusterMillis(start));
    run.sees(at -> cluster.api().snapshot());
  }

  private void furnish() {
    Behaviour well = Behaviour.well(READY);
    for (String one : List.of("coredns", "metrics-server", "local-path-provisioner", "traefik")) {
      new MiniWorkload(cluster, "Deployment", "kube-system/" + one, 1, well);
    }
    new MiniWorkload(cluster, "DaemonSet", "kube-system/svclb-traefik", 0, well);
    new MiniWorkload(cluster, "DaemonSet", "monitoring/node-exporter", 0, well);
    new MiniWorkload(cluster, "Deployment", "shop/web", servers, well);
    new MiniWorkload(cluster, "Deployment", "shop/api", 1, well);
    new MiniWorkload(cluster, "StatefulSet", "shop/db", 2, well).claiming("data");
    for (int i = 0; i < 2; i++) {
      claim("data-db-" + i, "Bound", "local-path");
    }
    agenda.in(120, () -> cluster.workload("api").pods().forEach(pod -> pod.restartedLongAgo(40)));
    if (random.nextInt(4) == 0) {
      claim("prepared", "Pending", "local-path");
    }
  }

  boolean isAlone() {
    return servers == 1;
  }

  /** A node that is no server, so that what k3s brings can be elsewhere. */
  MiniNode worker() {
    return cluster.nodes().get(cluster.nodes().size() - 1);
  }

  void claim(String name, String phase, String storageClass) {
    cluster
        .api()
        .put(
            Tree.of(
                "apiVersion",
                "v1",
                "kind",
                "PersistentVolumeClaim",
                "metadata",
                Tree.of(
                    "name",
                    name,
                    "namespace",
                    "shop",
                    "uid",
                    "uid-" + name,
                    "creationTimestamp",
                    Tree.time(agenda.now())),
                "spec",
                Tree.of("storageClassName", storageClass),
                "status",
                Tree.of("phase", phase)));
  }

  /** Something that must be told: exactly this type on this scope. */
  void expect(String type, String scope) {
    expected.add(type + " " + scope);
  }

  /** Incidents of this type may open, and must be suppressed from the start. */
  void effect(String type) {
    effects.add(type);
  }

  /** Something happens to it now. */
  void has(Happening what) {
    story.add(what + " after " + Duration.between(start, agenda.now()).toMinutes() + " min");
    what.in(this);
  }

  /** No beats for a while; the silences may overlap. */
  void silent(double seconds) {
    silences++;
    run.goesSilent();
    agenda.in(
        seconds,
        () -> {
          if (--silences == 0) {
            run.comesBack();
          }
        });
  }

  void agentRestarts() {
    run.agentRestarts();
    cluster.api().agentStarts(DetectionRun.clusterMillis(agenda.now()));
  }

  /** Lets the cluster and its server live, second by second. */
  void live(Duration time) {
    Instant end = run.now().plus(time);
    while (run.now().isBefore(end)) {
      agenda.runUntil(run.now().plusSeconds(1));
      run.passSeconds(1);
    }
  }
}
