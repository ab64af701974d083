package cx.niro.server.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.Environment;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.testkit.Clusters;
import cx.niro.core.testkit.Snapshots;
import cx.niro.server.Clusters.ClusterChange;
import cx.niro.server.Silences;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.spi.ChannelSelector;
import cx.niro.server.spi.Page;
import cx.niro.server.spi.TimelineEntry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of changed content is told on the timeline, through a whole server. */
class TimelineTest {
  private static final String POD =
      "{'meta': {'uid': '%s', 'namespace': 'shop', 'name': '%s', 'rootOwner': {'kind': 'Deployment', 'name': '%s'}},"
          + " 'status': {'phase': 'Running', 'containers': [{'name': 'app', 'restartCount': %d,"
          + " 'lastTerminated': {'reason': 'OOMKilled', 'exitCode': 137}}]}}";

  private final FleetFixture fleet = new FleetFixture();
  private Member edge;

  @BeforeEach
  void aCluster() {
    edge = fleet.member("edge");
  }

  private static Pod pod(String workload, int number, int restarts) {
    String name = workload + "-" + number;
    return Snapshots.hashed(
        Clusters.read(Pod.class, POD.formatted(name, name, workload, restarts)));
  }

  private void sees(Resource... objects) {
    beats(Clusters.of(objects));
  }

  private void beats(ClusterSnapshot snapshot) {
    edge.agent().sees(snapshot);
    fleet.beatFor(Duration.ofSeconds(15), edge.agent());
  }

  private List<TimelineEntry> lines(String... kinds) {
    Page.Request all = new Page.Request(null, Page.MAX_LIMIT);
    return fleet.server.fleet().timeline(edge.id(), Set.of(kinds), all).items();
  }

  private List<String> told(String... kinds) {
    return lines(kinds).stream().map(TimelineEntry::summary).toList();
  }

  @Test
  void restarts_are_one_line_for_each_workload_and_report() {
    sees(pod("cart", 1, 0), pod("cart", 2, 3), pod("web", 1, 7));
    assertThat(lines("pod_restarts")).isEmpty();
    sees(pod("cart", 1, 1), pod("cart", 2, 5), pod("web", 1, 7));
    assertThat(told("pod_restarts"))
        .containsExactly(
            "ns/shop/Deployment/cart restarted 3 times (app: OOMKilled, exit code 137)");
    assertThat(lines("pod_restarts").get(0).details())
        .containsEntry("scope", "ns/shop/Deployment/cart")
        .containsEntry("restarts", "3")
        .containsEntry("pods", "cart-1, cart-2");
  }

  @Test
  void a_new_pod_that_has_restarted_already_is_no_restart() {
    sees(pod("cart", 1, 0));
    sees(pod("cart", 2, 9));
    assertThat(lines("pod_restarts")).isEmpty();
  }

  @Test
  void restarts_of_many_workloads_are_counted() {
    sees(pods(30, 0));
    sees(pods(30, 1));
    assertThat(told("pod_restarts")).hasSize(11).contains("Pods of 20 more workloads restarted");
  }

  private static Resource[] pods(int workloads, int restarts) {
    return IntStream.range(0, workloads)
        .mapToObj(i -> pod("app" + i, 1, restarts))
        .toArray(Resource[]::new);
  }

  @Test
  void nodes_that_join_leave_and_are_not_ready_are_told() {
    sees(node("a", true), node("b", true));
    sees(node("a", false), node("c", true));
    assertThat(told("node_joined", "node_left", "node_not_ready"))
        .containsExactlyInAnyOrder("Node a is not ready (False)", "Node c joined", "Node b left");
  }

  private static Node node(String name, boolean ready) {
    return Snapshots.hashed(Node.of(name, name, ready));
  }

  @Test
  void a_version_of_kubernetes_that_changed_is_told() {
    ClusterSnapshot snapshot = Clusters.of(node("a", true));
    beats(Clusters.version(snapshot, "v1.33.5+k3s1"));
    beats(Clusters.version(snapshot, "v1.34.1+k3s1"));
    assertThat(told("kubernetes_version_changed"))
        .containsExactly("Kubernetes changed from v1.33.5+k3s1 to v1.34.1+k3s1");
  }

  @Test
  void a_cluster_that_changes_all_the_time_writes_a_bounded_number_of_lines() {
    for (int i = 0; i < 60; i++) {
      int round = i;
      sees(
          IntStream.range(0, 20)
              .mapToObj(n -> node("n" + round + "-" + n, true))
              .toArray(Node[]::new));
    }
    List<TimelineEntry> all = lines("node_joined", "node_left", "lines_left_out");
    assertThat(all).hasSizeLessThan(200 + 60);
    assertThat(all).anyMatch(line -> line.kind().equals("lines_left_out"));
  }

  @Test
  void the_bound_survives_a_restart_of_the_server() {
    for (int i = 0; i < 30; i++) {
      sees(nodes(i));
    }
    fleet.crashAndRestart(Duration.ofSeconds(30));
    edge = new Member(edge.id(), fleet.agentAfterRestart(edge.agent()), edge.firstBeat());
    for (int i = 30; i < 60; i++) {
      sees(nodes(i));
    }
    assertThat(lines("node_joined", "node_left", "lines_left_out")).hasSizeLessThan(200 + 80);
  }

  private static Node[] nodes(int round) {
    return IntStream.range(0, 20)
        .mapToObj(n -> node("n" + round + "-" + n, true))
        .toArray(Node[]::new);
  }

  @Test
  void a_new_agent_process_and_its_version_are_told() {
    beats(agentVersion("0.1.0"));
    edge.agent().restart();
    beats(agentVersion("0.2.0"));
    assertThat(told("agent_restarted", "agent_version_changed"))
        .containsExactlyInAnyOrder(
            "A new agent process took over", "The agent changed from 0.1.0 to 0.2.0");
  }

  private static ClusterSnapshot agentVersion(String version) {
    ClusterSnapshot seen = Clusters.of(node("a", true));
    ClusterInfo info =
        new ClusterInfo(version, null, null, null, null, seen.info().capabilities(), null);
    return new ClusterSnapshot(info, seen.sections(), seen.objects());
  }

  @Test
  void settings_that_changed_are_told_with_what_and_by_whom() {
    ClusterChange change = new ClusterChange("north", Environment.PRODUCTION, null, 90, null);
    fleet.server.clusters().update(edge.id(), change, "ada");
    fleet.server.clusters().update(edge.id(), change, "bob");
    assertThat(told("settings_changed")).containsExactly("Settings were changed by ada");
    assertThat(lines("settings_changed").get(0).details())
        .containsEntry("actor", "ada")
        .containsEntry("name", "edge → north")
        .containsEntry("unknownAfterSeconds", "null → 90")
        .hasEntrySatisfying("environment", text -> assertThat(text).startsWith("UNSPECIFIED"));
  }

  @Test
  void a_silence_by_label_is_told_on_the_timelines_of_the_clusters_that_it_covers() {
    Member other = fleet.member("other");
    ClusterChange label = new ClusterChange(null, null, Map.of("site", "b1"), null, null);
    fleet.server.clusters().update(edge.id(), label, "ada");
    ChannelSelector site =
        new ChannelSelector(Set.of(), Set.of(), Map.of("site", "b1"), Set.of("node_not_ready"));
    Silences.Period hour = new Silences.Period(null, null, Duration.ofHours(1));
    Silences.View made =
        fleet
            .server
            .silences()
            .add(FleetFixture.ACME, new Silences.Spec(site, null, hour, "new disks"), "bob");
    fleet.server.silences().end(made.silence().id(), "eve");
    assertThat(told("silenced", "silence_ended"))
        .containsExactly("A silence was ended by eve", "Silenced by bob: new disks");
    assertThat(fleet.kinds(other.id())).doesNotContain("silenced", "silence_ended");
  }

  @Test
  void pages_of_some_kinds_stay_stable_while_lines_arrive() {
    for (int i = 0; i < 5; i++) {
      sees(pods(3, i));
    }
    Page.Request first = new Page.Request(null, 5);
    Page<TimelineEntry> page = page(first);
    sees(pods(3, 9));
    Page<TimelineEntry> next = page(new Page.Request(page.nextCursor(), 20));
    assertThat(Stream.concat(page.items().stream(), next.items().stream()))
        .hasSize(12)
        .doesNotHaveDuplicates();
    assertThat(Arrays.asList(page.items().get(0).kind())).containsExactly("pod_restarts");
  }

  private Page<TimelineEntry> page(Page.Request request) {
    return fleet.server.fleet().timeline(edge.id(), Set.of("pod_restarts"), request);
  }
}
