package cx.niro.core.incident.rules;

import static cx.niro.core.testkit.DetectionRun.clusterMillis;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What all standard rules together make of a course of events: one cause that people hear of. */
class PodScenariosTest {
  private final DetectionRun run = DetectionRun.of(DetectionEngine.standard());

  private static APod web(Instant created) {
    return APod.created(clusterMillis(created)).uid("p2");
  }

  private static APod webReady(APod pod, boolean ready, long since) {
    return pod.says("Ready", ready ? "True" : "False", null, since)
        .says("ContainersReady", ready ? "True" : "False", null, since);
  }

  private List<String> types() {
    return run.opened().stream().map(one -> one.type().name()).sorted().distinct().toList();
  }

  @Test
  void a_crash_loop_is_one_incident_for_people_however_long_it_lasts() {
    run.sees(Seen.pods()).passMinutes(3);
    Instant created = run.now();
    Kubelet kubelet = Kubelet.crashing(created).fixed(created.plusSeconds(7200));
    run.sees(at -> crashing(kubelet, created, at)).passMinutes(119);
    assertThat(run.story()).containsExactly("opened");
    assertThat(types()).containsExactly("pod_crash_looping");
    assertThat(run.opened().get(0).at()).isBefore(created.plusSeconds(1 + 100 + 15));
    Instant good = firstGood(kubelet, created.plusSeconds(7200));
    run.passMinutes(180);
    assertThat(run.openScopes()).isEmpty();
    assertThat(run.resolved().get(0).at()).isBetween(good.plusSeconds(600), good.plusSeconds(700));
  }

  private static Instant firstGood(Kubelet kubelet, Instant fixedAt) {
    int start = 0;
    while (kubelet.startOf(start).isBefore(fixedAt)) {
      start++;
    }
    return kubelet.startOf(start);
  }

  private static ClusterSnapshot crashing(Kubelet kubelet, Instant created, Instant at) {
    ContainerStatus status = kubelet.status("app", at);
    boolean ready = status.running() != null;
    APod pod = web(created).phase("Running").with(status);
    return webReady(pod, ready, clusterMillis(at.minusSeconds(1))).alone();
  }

  @Test
  void a_node_that_reboots_for_a_quarter_of_an_hour_is_one_incident_of_the_node() {
    Node up = Seen.node("n1", "True", 1L);
    APod well = APod.created(1L).phase("Running").with(Seen.running("app", 0, null));
    run.sees(Seen.cluster(List.of(up), List.of(webReady(well, true, 1L).pod()))).passMinutes(15);
    long downAt = run.ago(Duration.ZERO);
    Node down = Seen.node("n1", "Unknown", downAt);
    APod lost = APod.created(1L).phase("Running").with(Seen.running("app", 0, null));
    Pod unready = webReady(lost, false, downAt).pod();
    run.sees(Seen.cluster(List.of(down), List.of(unready))).passMinutes(15);
    Node back = Seen.node("n1", "True", run.ago(Duration.ZERO), 1L, null, "boot-2");
    run.sees(Seen.cluster(List.of(back), List.of(unready))).passSeconds(45);
    Terminated gone = new Terminated("Unknown", 255, null, 1L, run.ago(Duration.ZERO), null, "c");
    APod making =
        APod.created(1L).phase("Running").with(Seen.waiting("app", "ContainerCreating", 0, gone));
    run.sees(Seen.cluster(List.of(back), List.of(webReady(making, false, downAt).pod())))
        .passMinutes(2);
    APod runs = APod.created(1L).phase("Running").with(Seen.running("app", 1, gone));
    run.sees(
            Seen.cluster(
                List.of(back), List.of(webReady(runs, true, run.ago(Duration.ZERO)).pod())))
        .passMinutes(180);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
    assertThat(types()).containsExactly("node_not_ready");
  }

  @Test
  void a_rollout_of_a_slow_image_is_nothing() {
    run.sees(Seen.pods()).passMinutes(3);
    APod old = APod.created(1L).phase("Running").with(Seen.running("app", 0, null));
    Pod before = webReady(old, true, 1L).pod();
    Instant created = run.now();
    Pod placed = web(created).on(null).pod();
    Pod making = web(created).with(Seen.waiting("app", "ContainerCreating", 0, null)).pod();
    APod starting = web(created).phase("Running").with(Seen.unready("app", 0, null));
    APod ready = web(created).phase("Running").with(Seen.running("app", 0, null));
    run.sees(Seen.pods(before, placed)).passSeconds(15);
    run.sees(Seen.pods(before, making)).passMinutes(8);
    run.sees(Seen.pods(before, webReady(starting, false, clusterMillis(created)).pod()))
        .passMinutes(1);
    run.sees(Seen.pods(webReady(ready, true, clusterMillis(run.now())).pod())).passMinutes(60);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_volume_that_cannot_be_mounted_is_one_incident_for_people() {
    run.sees(Seen.pods()).passMinutes(3);
    Instant created = run.now();
    run.sees(
            at -> {
              APod pod = web(created).with(Seen.waiting("app", "ContainerCreating", 0, null));
              return APod.cluster(
                  List.of(),
                  List.of(pod.pod()),
                  List.of(),
                  List.of(
                      APod.event(
                          "p2",
                          "",
                          "FailedMount",
                          "secret \"db\" not found",
                          clusterMillis(created),
                          clusterMillis(at))));
            })
        .passMinutes(30);
    assertThat(types()).containsExactly("pod_stuck_pending", "volume_mount_failed");
    assertThat(run.heard()).containsExactly("volume_mount_failed ns/shop/Deployment/web");
  }

  @Test
  void an_init_container_that_crashes_is_one_incident_for_people() {
    run.sees(Seen.pods()).passMinutes(3);
    Instant created = run.now();
    Kubelet kubelet = Kubelet.crashing(created);
    run.sees(
            at -> {
              APod pod = web(created).init(kubelet.status("prepare", at));
              return pod.with(Seen.waiting("app", "PodInitializing", 0, null)).alone();
            })
        .passMinutes(60);
    assertThat(types()).containsExactly("init_container_failing");
    assertThat(run.story()).containsOnlyOnce("opened");
  }

  @ParameterizedTest
  @CsvSource({
    "StatefulSet, statefulset_degraded",
    "DaemonSet, daemonset_degraded",
    "Deployment, workload_replicas_unavailable"
  })
  void a_pod_that_runs_but_is_not_ready_is_told_once(String kind, String type) {
    run.sees(oneOf(kind, 3, run.ago(Duration.ZERO))).passMinutes(5);
    run.sees(oneOf(kind, 2, run.ago(Duration.ZERO))).passMinutes(120);
    assertThat(run.heard()).containsExactly(type + " ns/shop/" + kind + "/web");
    assertThat(run.story().get(0)).isEqualTo("opened");
    assertThat(run.opened().get(0).type().name()).isEqualTo(type);
    run.sees(oneOf(kind, 3, run.ago(Duration.ZERO))).passMinutes(10);
    assertThat(run.heard()).isEmpty();
  }

  @Test
  void it_is_named_by_its_workload() {
    run.sees(oneOf("StatefulSet", 3, run.ago(Duration.ZERO))).passMinutes(5);
    run.sees(oneOf("StatefulSet", 2, run.ago(Duration.ZERO))).passMinutes(30);
    assertThat(run.opened().get(0).evidence()).containsEntry("pods", List.of("web-p1"));
  }

  /** Three pods, one of them looked at, ready if all are. */
  private static ClusterSnapshot oneOf(String kind, int ready, long since) {
    APod pod = APod.created(1L).of(kind).phase("Running").with(Seen.running("app", 0, null));
    Pod seen = webReady(pod, ready == 3, since).pod();
    Workload workload = AWorkload.of(kind).pods(3, ready).workload();
    List<Node> nodes = List.of(Seen.node("n1", "True", 1L));
    return APod.cluster(nodes, List.of(seen), List.of(workload), List.of());
  }

  @Test
  void a_command_that_does_not_exist_is_one_incident_for_people() {
    run.sees(Seen.pods()).passMinutes(3);
    Instant created = run.now();
    Kubelet kubelet = Kubelet.crashing(created);
    run.sees(
            at -> {
              Integer restarts = kubelet.status("app", at).restartCount();
              Terminated end =
                  new Terminated(
                      "StartError",
                      128,
                      null,
                      1L,
                      clusterMillis(at.minusSeconds(9)),
                      "exec: \"nope\": executable file not found in $PATH",
                      "c");
              ContainerStatus status = Seen.backingOff("app", restarts == null ? 0 : restarts, end);
              return webReady(
                      web(created).phase("Running").with(status), false, clusterMillis(created))
                  .alone();
            })
        .passMinutes(60);
    String scope = "ns/shop/Deployment/web/container/app";
    assertThat(run.heard()).containsExactly("container_config_error " + scope);
    assertThat(run.suppressed())
        .containsExactly("pod_crash_looping " + scope + " by container_config_error " + scope);
  }
}
