package cx.niro.server.scenario;

import static cx.niro.server.scenario.LivenessTest.assertCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.ClusterStatus;
import cx.niro.core.Credential;
import cx.niro.core.ErrorCode;
import cx.niro.core.NiroException;
import cx.niro.core.OrganizationId;
import cx.niro.core.incident.IncidentType;
import cx.niro.core.protocol.EnrollRequest;
import cx.niro.core.protocol.KeyRequest;
import cx.niro.server.AgentGateway;
import cx.niro.server.Clusters.ClusterSpec;
import cx.niro.server.Clusters.NewCluster;
import cx.niro.server.scenario.FleetFixture.Member;
import cx.niro.server.testkit.FakeAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class EnrollmentTest {
  private static final String UID = "0a1b2c3d-kube-system";

  private final FleetFixture fleet = new FleetFixture();
  private final AgentGateway gateway = fleet.server.gateway();

  private static EnrollRequest request(String token, String requestId) {
    return FakeAgent.request(token, FakeAgent.requestId(requestId), UID);
  }

  private Map<String, Integer> concurrently(int times, Callable<String> exchange) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(32);
    Map<String, Integer> outcomes = new HashMap<>();
    try {
      List<Future<String>> running = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        running.add(threads.submit(exchange));
      }
      for (Future<String> one : running) {
        outcomes.merge(one.get(), 1, Integer::sum);
      }
    } finally {
      threads.shutdownNow();
    }
    return outcomes;
  }

  private String outcome(EnrollRequest request) {
    try {
      gateway.enroll(request);
      return "enrolled";
    } catch (NiroException e) {
      return e.code().wireName();
    }
  }

  @Test
  void of_200_concurrent_exchanges_with_different_request_ids_exactly_one_wins() throws Exception {
    String token = fleet.create("edge").enrollment().token();
    var number = new java.util.concurrent.atomic.AtomicInteger();

    Map<String, Integer> outcomes =
        concurrently(200, () -> outcome(request(token, "r" + number.incrementAndGet() + "-")));

    assertThat(outcomes).isEqualTo(Map.of("enrolled", 1, "token_used", 199));
  }

  @Test
  void one_request_id_gets_at_most_5_candidates_and_one_of_them_works_after_first_use() {
    NewCluster made = fleet.create("edge");
    List<String> keys = new ArrayList<>();
    EnrollRequest request = request(made.enrollment().token(), "same");
    for (int i = 0; i < 5; i++) {
      keys.add(gateway.enroll(request).agentKey());
    }
    assertCode(() -> gateway.enroll(request), ErrorCode.TOO_MANY_REQUESTS);

    FakeAgent third = fleet.agent().withKey(keys.get(2));
    third.beat();

    for (int i = 0; i < 5; i++) {
      String key = keys.get(i);
      if (i != 2) {
        assertCode(() -> gateway.authenticate(key), ErrorCode.KEY_REVOKED);
      }
    }
    assertThat(gateway.authenticate(keys.get(2)).cluster()).isEqualTo(made.id());
    assertCode(() -> gateway.enroll(request), ErrorCode.TOKEN_USED);
    assertThat(fleet.openTypes(made.id())).isEmpty();
  }

  @Test
  void a_repeat_ends_with_the_tokens_hour() {
    EnrollRequest request = request(fleet.create("edge").enrollment().token(), "same");
    gateway.enroll(request);
    fleet.pass(Duration.ofMinutes(61));
    assertCode(() -> gateway.enroll(request), ErrorCode.TOKEN_EXPIRED);
  }

  @Test
  void bad_tokens_are_told_apart() {
    NewCluster made = fleet.create("edge");
    String token = made.enrollment().token();
    String unknown =
        Credential.mint(Credential.Kind.ENROLLMENT_TOKEN, new SplittableRandom(99)).secretText();

    String truncated = token.substring(0, token.length() - 3);
    assertCode(() -> gateway.enroll(request(truncated, "a")), ErrorCode.TOKEN_MALFORMED);
    assertCode(() -> gateway.enroll(request(unknown, "a")), ErrorCode.TOKEN_UNKNOWN);
    fleet.pass(Duration.ofMinutes(61));
    assertCode(() -> gateway.enroll(request(token, "a")), ErrorCode.TOKEN_EXPIRED);
  }

  @Test
  void a_new_token_kills_the_old_one() {
    NewCluster made = fleet.create("edge");
    String fresh = fleet.server.clusters().newToken(made.id(), false, "ada").token();
    String old = made.enrollment().token();
    assertCode(() -> gateway.enroll(request(old, "a")), ErrorCode.TOKEN_UNKNOWN);
    assertThat(gateway.enroll(request(fresh, "a")).clusterId()).isEqualTo(made.id());
  }

  @Test
  void a_used_token_tried_by_another_agent_is_one_visible_incident_until_a_new_token() {
    NewCluster made = fleet.create("edge");
    String token = made.enrollment().token();
    gateway.enroll(request(token, "mine"));
    for (int i = 0; i < 20; i++) {
      EnrollRequest other = request(token, "other" + i);
      assertCode(() -> gateway.enroll(other), ErrorCode.TOKEN_USED);
    }
    assertThat(fleet.openTypes(made.id())).containsExactly(IncidentType.ENROLLMENT_CONTESTED);
    assertThat(fleet.view(made.id()).openIncidents()).isEqualTo(1);

    fleet.server.clusters().newToken(made.id(), false, "ada");
    assertThat(fleet.openTypes(made.id())).isEmpty();
  }

  @Test
  void one_kubernetes_cluster_is_enrolled_once_in_an_organization_and_the_token_stays_usable() {
    fleet.agent().enroll(fleet.create("edge").enrollment().token(), UID);
    NewCluster twin = fleet.create("twin");

    assertThatThrownBy(() -> gateway.enroll(request(twin.enrollment().token(), "a")))
        .isInstanceOfSatisfying(
            NiroException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CLUSTER_ALREADY_ENROLLED))
        .hasMessageContaining("'edge'");
    EnrollRequest elsewhere =
        FakeAgent.request(twin.enrollment().token(), FakeAgent.requestId("b"), "another-uid");
    assertThat(gateway.enroll(elsewhere).clusterId()).isEqualTo(twin.id());
  }

  @Test
  void another_organizations_twin_is_neither_refused_nor_named() {
    fleet.agent().enroll(fleet.create("edge").enrollment().token(), UID);
    NewCluster foreign =
        fleet
            .server
            .clusters()
            .create(
                new OrganizationId("rival"),
                new ClusterSpec("edge", cx.niro.core.Environment.DEV, Map.of()),
                "bob");
    assertThat(gateway.enroll(request(foreign.enrollment().token(), "a")).clusterId())
        .isEqualTo(foreign.id());
  }

  @Test
  void a_living_cluster_is_taken_over_only_with_a_token_made_for_it() {
    Member edge = fleet.member("edge");
    String plain = fleet.server.clusters().newToken(edge.id(), false, "ada").token();
    assertCode(() -> gateway.enroll(request(plain, "a")), ErrorCode.CLUSTER_ALREADY_ENROLLED);

    String takeOver = fleet.server.clusters().newToken(edge.id(), true, "ada").token();
    String key = gateway.enroll(request(takeOver, "b")).agentKey();
    edge.agent().beat();
    fleet.agent().withKey(key).beat();
    assertCode(edge.agent()::beat, ErrorCode.KEY_REVOKED);
  }

  @Test
  void a_cluster_that_is_offline_is_enrolled_again_with_any_token() {
    Member edge = fleet.member("edge");
    fleet.pass(Duration.ofMinutes(5));
    String token = fleet.server.clusters().newToken(edge.id(), false, "ada").token();
    fleet.agent().enroll(token).beat();
    assertThat(fleet.status(edge.id())).isEqualTo(ClusterStatus.HEALTHY);
  }

  @Test
  void an_agent_without_our_protocol_version_is_told_so() {
    String token = fleet.create("edge").enrollment().token();
    EnrollRequest modern =
        new EnrollRequest(
            token, FakeAgent.requestId("a"), null, null, null, null, List.of(2, 3), List.of());
    assertCode(() -> gateway.enroll(modern), ErrorCode.PROTOCOL_UNSUPPORTED);
  }

  @Test
  void a_short_request_id_is_refused() {
    String token = fleet.create("edge").enrollment().token();
    assertCode(
        () -> gateway.enroll(FakeAgent.request(token, "short", null)), ErrorCode.INVALID_FIELD);
  }

  @Test
  void keys_that_are_malformed_or_unknown_are_told_apart() {
    String unknown =
        Credential.mint(Credential.Kind.AGENT_KEY, new SplittableRandom(99)).secretText();
    assertCode(() -> gateway.authenticate("niro_ak_short"), ErrorCode.KEY_MALFORMED);
    assertCode(() -> gateway.authenticate(unknown), ErrorCode.KEY_UNKNOWN);
  }

  @Test
  void rotation_keeps_the_old_key_until_the_new_one_is_used() {
    Member edge = fleet.member("edge");
    FakeAgent agent = edge.agent();
    var request = new KeyRequest(agent.bootId(), FakeAgent.requestId("rotate"));
    String next = gateway.newKey(gateway.authenticate(agent.key()), request).agentKey();
    agent.beat();

    FakeAgent rotated = agent.copy().withKey(next);
    rotated.beat();

    assertCode(agent::beat, ErrorCode.KEY_REVOKED);
    assertThat(fleet.kinds(edge.id())).contains("key_replaced");
  }

  @Test
  void only_the_current_process_gets_a_new_key_and_not_too_often() {
    Member edge = fleet.member("edge");
    FakeAgent old = edge.agent().copy();
    edge.agent().restart().beat();
    var caller = gateway.authenticate(old.key());
    var late = new KeyRequest(old.bootId(), FakeAgent.requestId("late"));
    assertCode(() -> gateway.newKey(caller, late), ErrorCode.BOOT_SUPERSEDED);

    fleet.beatFor(Duration.ofMinutes(2), edge.agent());
    for (int i = 0; i < 6; i++) {
      gateway.newKey(caller, request(edge, i));
    }
    assertCode(
        () -> {
          for (int i = 6; i < 9; i++) {
            gateway.newKey(caller, request(edge, i));
          }
        },
        ErrorCode.TOO_MANY_REQUESTS);
  }

  private static KeyRequest request(Member member, int number) {
    return new KeyRequest(member.agent().bootId(), FakeAgent.requestId("request-" + number));
  }

  @Test
  void one_rotation_mints_at_most_5_candidates() {
    Member edge = fleet.member("edge");
    var caller = gateway.authenticate(edge.agent().key());
    var request = new KeyRequest(edge.agent().bootId(), FakeAgent.requestId("rotate"));
    for (int i = 0; i < 5; i++) {
      gateway.newKey(caller, request);
    }
    assertCode(() -> gateway.newKey(caller, request), ErrorCode.TOO_MANY_REQUESTS);
  }
}
