package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Seen;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContainerStatus;
import cx.niro.core.snapshot.Node;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all rules about pods have in common, seen at one of them that opens at once. */
class PodRuleTest {
  private static final String SCOPE = "ns/shop/Deployment/web/container/app";
  private static final ContainerStatus BAD = Seen.waiting("app", "InvalidImageName", 0, null);

  private final DetectionRun run =
      DetectionRun.of(DetectionEngine.of(List.of(new ImagePullError(Thresholds.standard()))));

  private APod old() {
    return APod.created(1L);
  }

  @Test
  void a_pod_older_than_a_minute_is_judged() {
    run.sees(old().with(BAD).alone()).passSeconds(1);
    assertThat(run.openScopes()).containsExactly(SCOPE);
  }

  @Test
  void a_pod_is_judged_when_it_is_a_minute_old_and_not_before() {
    run.sees(APod.created(run.ago(Duration.ofSeconds(-1))).with(BAD).alone()).passSeconds(60);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.openScopes()).containsExactly(SCOPE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Succeeded", "Failed"})
  void finished_pods_are_left_alone(String phase) {
    run.sees(old().phase(phase).with(BAD).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void pods_being_deleted_are_left_alone() {
    run.sees(old().deleted().with(BAD).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void pods_that_their_owner_exempts_are_left_alone() {
    run.sees(old().annotated("niro.cx/exempt-image_pull_error").with(BAD).alone()).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
    run.sees(old().annotated("niro.cx/exempt-pod_not_ready").with(BAD).alone()).passMinutes(1);
    assertThat(run.openScopes()).containsExactly(SCOPE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"False", "Unknown"})
  void pods_on_a_node_that_is_not_ready_open_nothing_and_resolve_nothing(String ready) {
    run.sees(old().with(BAD).onNode(ready)).passMinutes(30);
    assertThat(run.transitions()).isEmpty();
    run.sees(old().with(BAD).onNode("True")).passMinutes(1);
    run.sees(old().with(Seen.running("app", 0, null)).onNode(ready)).passMinutes(30);
    assertThat(run.story()).containsExactly("opened");
    run.sees(old().with(Seen.running("app", 0, null)).onNode("True")).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void no_time_counts_from_before_the_node_was_ready() {
    run.sees(Seen.pods()).passMinutes(30);
    ContainerStatus failing = Seen.waiting("app", "ErrImagePull", 0, null);
    Node back = Seen.node("n1", "True", run.ago(Duration.ZERO));
    run.sees(Seen.cluster(List.of(back), List.of(old().with(failing).pod()))).passSeconds(119);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(1);
    assertThat(run.openScopes()).containsExactly(SCOPE);
  }

  @Test
  void a_node_that_was_ready_before_changes_nothing() {
    run.sees(Seen.pods()).passMinutes(30);
    ContainerStatus failing = Seen.waiting("app", "ErrImagePull", 0, null);
    APod pod = APod.created(run.ago(Duration.ofMinutes(1))).with(failing);
    Node ready = Seen.node("n1", "True", run.ago(Duration.ofMinutes(20)));
    run.sees(Seen.cluster(List.of(ready), List.of(pod.pod()))).passSeconds(60);
    assertThat(run.openScopes()).containsExactly(SCOPE);
  }

  @Test
  void init_containers_and_sidecars_count_and_ephemeral_ones_do_not() {
    run.sees(old().init(Seen.waiting("prepare", "InvalidImageName", 0, null)).alone())
        .passMinutes(1);
    assertThat(run.openScopes()).containsExactly("ns/shop/Deployment/web/container/prepare");
  }

  @Test
  void pods_that_have_not_been_placed_yet_resolve_nothing() {
    run.sees(old().with(BAD).alone()).passMinutes(1);
    APod unplaced = old().uid("p2").on(null);
    run.sees(unplaced.asks(APod.spec(List.of(), List.of(APod.container("app", "a:1")))).alone())
        .passMinutes(30);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void many_pods_of_a_workload_are_one_incident() {
    run.sees(Seen.pods(old().with(BAD).pod(), old().uid("p2").with(BAD).pod())).passMinutes(1);
    assertThat(run.opened()).hasSize(1);
    assertThat(run.opened().get(0).evidence()).containsEntry("pods", List.of("web-p1", "web-p2"));
  }

  @Test
  void a_workload_that_is_gone_resolves_as_deleted() {
    run.sees(old().with(BAD).alone()).passMinutes(1).sees(Seen.pods()).passSeconds(75);
    assertThat(run.story()).containsExactly("opened", "resolved object_deleted");
  }

  @Test
  void nothing_resolves_while_pods_cannot_be_listed() {
    run.sees(old().with(BAD).alone()).passMinutes(1);
    run.sees(Seen.partial(Seen.pods())).passMinutes(60).sees(Seen.failed()).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void judgements_depend_on_the_node_and_the_claims_of_their_pod() {
    APod pod = old().with(BAD).asks(APod.spec(List.of(), List.of()));
    assertThat(judged(pod.alone()).get(0).dependsOn())
        .containsExactlyInAnyOrder(Scope.node("n1"), Scope.claim("shop", "data"));
    assertThat(judged(old().on(null).with(BAD).alone()).get(0).dependsOn()).isEmpty();
  }

  @Test
  void healthy_pods_are_not_even_mentioned_while_all_is_quiet() {
    assertThat(judged(old().with(Seen.running("app", 0, null)).alone())).isEmpty();
    assertThat(judged(old().with(BAD).onNode("False"))).isEmpty();
  }

  private static List<Judgement> judged(ClusterSnapshot snapshot) {
    return Judged.of(new ImagePullError(Thresholds.standard())::judge, snapshot);
  }
}
