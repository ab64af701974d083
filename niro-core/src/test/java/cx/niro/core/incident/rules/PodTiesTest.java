package cx.niro.core.incident.rules;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.incident.Judgement;
import cx.niro.core.incident.RuleInput;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Seen;
import cx.niro.core.incident.Verdict;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.ContainerStatus.Terminated;
import cx.niro.core.testkit.ManualTime;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules that do not look at pods one by one say too what their pods depend on. */
class PodTiesTest {
  private static final long JUST_NOW = ManualTime.START.toEpochMilli() - 1000;

  record Example(Function<RuleInput, List<Judgement>> judge, ClusterSnapshot seen) {}

  static Stream<Example> examples() {
    Terminated oom = new Terminated("OOMKilled", 137, null, 1L, JUST_NOW, null, "cid");
    return Stream.of(
        new Example(
            new PodCrashLooping(Thresholds.standard())::judge,
            pod().with(Seen.backingOff("app", 9, oom)).alone()),
        new Example(
            new ContainerOomKilled()::judge, pod().with(Seen.running("app", 9, oom)).alone()),
        new Example(
            new PodEvicted()::judge,
            pod()
                .phase("Failed")
                .because("Evicted", "memory")
                .says("Ready", "False", null, JUST_NOW)
                .alone()));
  }

  private static APod pod() {
    return APod.created(1L).phase("Running").asks(APod.spec(List.of(), List.of()));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void they_depend_on_node_and_claims(Example example) {
    List<Judgement> judged = Judged.of(example.judge, example.seen);
    assertThat(judged).hasSize(1);
    assertThat(judged.get(0).verdict()).isEqualTo(Verdict.TRUE);
    assertThat(judged.get(0).dependsOn())
        .containsExactlyInAnyOrder(Scope.node("n1"), Scope.claim("shop", "data"));
  }

  @Test
  void a_crash_loop_can_be_exempted() {
    APod pod = pod().annotated("niro.cx/exempt-pod_crash_looping");
    Terminated crash = Seen.exit(1, JUST_NOW);
    ClusterSnapshot seen = pod.with(Seen.backingOff("app", 9, crash)).alone();
    assertThat(Judged.of(new PodCrashLooping(Thresholds.standard())::judge, seen)).isEmpty();
  }
}
