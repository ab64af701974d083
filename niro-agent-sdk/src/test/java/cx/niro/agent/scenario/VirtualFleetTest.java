package cx.niro.agent.scenario;

import static cx.niro.agent.scenario.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.testkit.FakeCluster;
import cx.niro.agent.testkit.FakeServer;
import cx.niro.agent.testkit.VirtualCluster;
import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.agent.testkit.VirtualTrouble;
import cx.niro.core.protocol.AgentSettings;
import cx.niro.core.snapshot.Pod;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Virtual clusters against a server over real HTTP. */
class VirtualFleetTest {
  private final FakeServer server = FakeServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_fleet_enrolls_reports_and_says_goodbye_on_shared_threads() {
    List<FakeCluster> clusters = IntStream.range(0, 40).mapToObj(i -> server.newCluster()).toList();
    try (VirtualFleet fleet = VirtualFleet.builder(server.url()).seed(7).threads(2).build()) {
      clusters.forEach(one -> fleet.add(VirtualClusterSpec.of(3, 60), one.token()));
      await(() -> fleet.metrics().enrolled() == 40);
      await(() -> clusters.stream().allMatch(one -> !one.polls().isEmpty()));

      assertThat(fleet.metrics().fullBeats()).isEqualTo(40);
      assertThat(fleet.metrics().errors()).isEmpty();
      assertThat(fleet.metrics().median()).isPositive();
      assertThat(clusters.get(3).snapshot().objects().pods()).hasSize(60);
      assertThat(turnThreads()).isLessThanOrEqualTo(2);
    }
    assertThat(clusters).allSatisfy(one -> assertThat(one.goodbyes()).hasSize(1));
  }

  @Test
  void a_fleet_shares_connections_and_waits_for_parked_polls_without_threads() {
    List<FakeCluster> clusters = IntStream.range(0, 60).mapToObj(i -> server.newCluster()).toList();
    try (VirtualFleet fleet =
        VirtualFleet.builder(server.url()).threads(2).sharedConnections(2).build()) {
      clusters.forEach(one -> fleet.add(VirtualClusterSpec.of(1, 4), one.token()));
      await(() -> fleet.metrics().enrolled() == 60);
      await(() -> clusters.stream().allMatch(one -> !one.polls().isEmpty()));

      assertThat(fleet.metrics().errors()).isEmpty();
      assertThat(turnThreads()).isLessThanOrEqualTo(2);
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .noneMatch(name -> name.startsWith("niro-network"));
    }
    assertThat(clusters).allSatisfy(one -> assertThat(one.goodbyes()).hasSize(1));
  }

  @Test
  void a_churning_cluster_sends_deltas_and_the_server_ends_up_with_the_same_content() {
    FakeCluster cluster = server.newCluster();
    cluster.settings(new AgentSettings(1000L, null, null));
    try (VirtualFleet fleet = VirtualFleet.builder(server.url()).build()) {
      fleet.add(VirtualClusterSpec.of(2, 20).withChurn(1), cluster.token());
      await(() -> fleet.metrics().deltaBeats() >= 2);

      assertThat(fleet.metrics().resyncs()).isZero();
      assertThat(cluster.snapshot().objects().pods()).hasSize(20);
    }
  }

  @Test
  void a_silenced_cluster_says_no_goodbye_and_comes_back_with_its_key() {
    FakeCluster cluster = server.newCluster();
    try (VirtualFleet fleet = VirtualFleet.builder(server.url()).build()) {
      VirtualCluster one = fleet.add(VirtualClusterSpec.of(1, 5), cluster.token());
      await(() -> one.id().isPresent());
      one.goSilent();
      one.comeBack();
      await(() -> cluster.beats().size() == 2);

      assertThat(cluster.goodbyes()).isEmpty();
      assertThat(cluster.enrollments()).hasSize(1);
      assertThat(one.id()).contains(cluster.id());
    }
  }

  @Test
  void troubles_that_began_before_the_start_are_there_in_the_first_beat() {
    FakeCluster cluster = server.newCluster();
    VirtualClusterSpec spec =
        VirtualClusterSpec.of(2, 30)
            .with(VirtualTrouble.crashLoop(Duration.ofMinutes(-9), 2))
            .with(VirtualTrouble.imagePullError(Duration.ofMinutes(-9), 1))
            .with(VirtualTrouble.nodeNotReady(Duration.ofMinutes(-5)));
    try (VirtualFleet fleet = VirtualFleet.builder(server.url()).build()) {
      fleet.add(spec, cluster.token());
      await(() -> cluster.beats().size() == 1);

      assertThat(cluster.snapshot().objects().pods().stream().map(VirtualFleetTest::restarts))
          .filteredOn(restarts -> restarts >= 3)
          .hasSize(2);
      assertThat(cluster.snapshot().objects().events()).hasSize(3);
      assertThat(cluster.snapshot().objects().nodes().get(1).conditions())
          .anySatisfy(one -> assertThat(one.reason()).isEqualTo("KubeletNotReady"));
    }
  }

  private static int restarts(Pod pod) {
    return pod.status().containers().get(0).restartCount();
  }

  private static long turnThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("niro-agents"))
        .count();
  }
}
