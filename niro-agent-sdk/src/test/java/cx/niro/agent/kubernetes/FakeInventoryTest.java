package cx.niro.agent.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.testkit.FakeKubernetes;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.SectionStatus.State;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The inventory on the stand-in, and the faults that only the stand-in can be told to have. */
class FakeInventoryTest extends InventoryContract {
  @Override
  TestCluster open() throws Exception {
    return TestCluster.fake();
  }

  private FakeKubernetes server() {
    return cluster.stand();
  }

  @Test
  void a_section_that_is_forbidden_says_so_and_the_others_go_on() throws Exception {
    server().forbid("list", "pods");
    var seen = inventory.collect().snapshot();
    assertThat(seen.section(Section.NODES).state()).isEqualTo(State.COMPLETE);
    assertThat(seen.section(Section.PODS).state()).isEqualTo(State.ERROR);
    assertThat(seen.section(Section.PODS).reason())
        .startsWith("forbidden: pods is forbidden: User \"" + FakeKubernetes.USER);
  }

  @Test
  void workloads_are_partial_when_one_of_their_kinds_is_forbidden() throws Exception {
    server().forbid("list", "cronjobs");
    SectionStatus workloads = inventory.collect().snapshot().section(Section.WORKLOADS);
    assertThat(workloads.state()).isEqualTo(State.PARTIAL);
    assertThat(workloads.reason()).contains("cronjobs.batch is forbidden");
  }

  @Test
  void a_capability_that_the_api_server_takes_away_hurries_the_next_beat() throws Exception {
    AtomicInteger hurried = new AtomicInteger();
    inventory.onChange(hurried::incrementAndGet);
    assertThat(inventory.collect().snapshot().info().capabilities().names()).contains("pods");
    hurried.set(0);
    server().forbid("*", "pods");
    server().breakConnections();
    awaitTrue(() -> hurried.get() > 0);
    var now = inventory.collect().snapshot();
    assertThat(now.info().capabilities().names()).isEmpty();
    assertThat(now.section(Section.PODS).state()).isEqualTo(State.ERROR);
  }

  @Test
  void an_expired_continue_token_and_a_compacted_history_only_mean_another_list() throws Exception {
    cluster.pod("before", "", "");
    inventory.collect();
    awaitTrue(() -> server().watches() == 12);
    server().compact();
    server().breakConnections();
    cluster.pod("after", "", "");
    await(Section.PODS, "after", pod -> true);
    assertThat(server().requests())
        .filteredOn(request -> request.path().equals("/api/v1/pods"))
        .filteredOn(request -> request.verb().equals("list"))
        .hasSizeGreaterThan(1);
    assertThat(inventory.collect().snapshot().section(Section.PODS).state())
        .isEqualTo(State.COMPLETE);
  }

  @Test
  void a_bookmark_moves_the_version_that_the_next_watch_starts_from() throws Exception {
    inventory.collect();
    awaitTrue(() -> server().watches() == 12);
    cluster.create("/api/v1/namespaces", "{'metadata':{'name':'elsewhere'}}");
    server().sendBookmarks();
    cluster.pod("marker", "", "");
    await(Section.PODS, "marker", pod -> true);
    server().clearRequests();
    server().compact();
    server().breakConnections();
    awaitTrue(
        () -> server().requests().stream().anyMatch(request -> request.path().endsWith("/nodes")));
    assertThat(server().requests())
        .filteredOn(request -> request.path().endsWith("/nodes"))
        .first()
        .satisfies(request -> assertThat(request.query()).contains("resourceVersion=1"));
  }

  @Test
  void an_outage_is_an_error_after_the_second_try_and_what_was_known_stays() throws Exception {
    cluster.pod("web", "", "");
    inventory.collect();
    server().goDown();
    awaitTrue(() -> state(Section.PODS) == State.ERROR);
    assertThat(inventory.collect().snapshot().objects().pods()).isNotEmpty();
    server().goUp();
    awaitTrue(() -> state(Section.PODS) == State.COMPLETE);
  }

  private State state(Section section) throws Exception {
    return inventory.collect().snapshot().section(section).state();
  }

  @Test
  void an_object_that_cannot_be_read_is_counted_and_the_rest_is_kept() throws Exception {
    cluster.pod("good", "", "");
    cluster.pod("bad", "'uid':'%s'".formatted("x".repeat(300)), "");
    var seen = inventory.collect().snapshot();
    assertThat(seen.section(Section.PODS).state()).isEqualTo(State.PARTIAL);
    assertThat(seen.section(Section.PODS).dropped()).isEqualTo(1);
    assertThat(mine(seen.objects().pods())).hasSize(1);
  }

  @Test
  void the_metrics_api_is_off_when_absent_and_gives_usage_when_present() throws Exception {
    assertThat(inventory.collect().snapshot().section(Section.METRICS).state())
        .isEqualTo(State.OFF);
    inventory.close();
    server().serveMetrics(true);
    String node = cluster.node("m");
    server()
        .put(
            "{'kind':'NodeMetrics','metadata':{'name':'%s'},'timestamp':'2026-01-05T08:00:00Z','usage':{'cpu':'250431127n','memory':'1048576Ki'}}"
                .formatted(node));
    inventory = inventory(Grants.DEFAULT);
    var seen = inventory.collect();
    assertThat(seen.usage().nodes().cpuMillis()).containsExactly(251L);
    assertThat(seen.usage().nodes().memoryBytes()).containsExactly(1L << 30);
    assertThat(seen.snapshot().section(Section.METRICS).state()).isEqualTo(State.COMPLETE);
  }

  @Test
  void the_heartbeat_asks_the_api_server_nothing() throws Exception {
    inventory.collect();
    awaitTrue(() -> server().watches() == 12);
    server().clearRequests();
    for (int beat = 0; beat < 100; beat++) {
      inventory.collect();
    }
    assertThat(server().requests()).isEmpty();
  }
}
