package cx.niro.core.incident;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionInput.Beat;
import cx.niro.core.incident.DetectionInput.Liveness;
import cx.niro.core.incident.rules.StandardRules;
import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.testkit.DetectionRun;
import cx.niro.core.testkit.SnapshotChanges;
import cx.niro.core.testkit.Snapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rules an evaluation may spare, and that sparing them changes nothing. */
class RecollectionTest {
  private static final IncidentType TYPE = new IncidentType("acme_counted");
  private static final RuleSpec SPEC = RuleSpec.of(TYPE).reads(Section.NODES);
  private static final RuleSpec BY_NODES = SPEC.goingBy(Section.NODES);

  private final ClusterSnapshot well = cluster(Seen.node("n1", "True", 1L));
  private Instant now = Instant.parse("2026-01-05T08:00:00Z");
  private Duration ahead = Duration.ZERO;
  private Environment environment = Environment.STAGING;
  private DetectionState state = DetectionState.EMPTY;
  private @Nullable Recollection recollection;

  /** Counts how often it is asked. */
  private static final class Counted extends IncidentRule {
    private final Function<RuleInput, Judgement> says;
    private int asked;

    Counted(RuleSpec spec, Function<RuleInput, Judgement> says) {
      super(spec);
      this.says = says;
    }

    static Counted well(RuleSpec spec) {
      return new Counted(spec, input -> Judgement.no(Scope.CLUSTER));
    }

    @Override
    protected List<Judgement> judge(RuleInput input) {
      asked++;
      return List.of(says.apply(input));
    }
  }

  private static ClusterSnapshot cluster(Node... nodes) {
    return Seen.nodes(nodes);
  }

  private static ClusterSnapshot with(ClusterSnapshot was, List<Node> nodes) {
    Inventory objects =
        new Inventory(
            nodes,
            was.objects().pods(),
            was.objects().workloads(),
            was.objects().events(),
            was.objects().persistentVolumeClaims(),
            was.objects().serviceAccounts(),
            was.objects().autoscalers());
    return new ClusterSnapshot(was.info(), was.sections(), objects);
  }

  private DetectionResult beat(DetectionEngine engine, ClusterSnapshot snapshot) {
    now = now.plusSeconds(15);
    Liveness liveness = new Liveness(now, now, Duration.ofSeconds(65), Duration.ofSeconds(150));
    DetectionInput input =
        new DetectionInput(
            new ClusterId("c1"),
            environment,
            snapshot,
            new Beat(now.plus(ahead), 1, 1, false),
            liveness,
            now);
    DetectionResult result = engine.evaluate(state, input, recollection);
    state = result.state();
    recollection = result.recollection();
    return result;
  }

  /** Asked once after the first beat, which only takes the baseline of the clock. */
  private DetectionEngine settled(Counted rule) {
    DetectionEngine engine = DetectionEngine.of(List.of(rule));
    beat(engine, well);
    beat(engine, well);
    rule.asked = 0;
    return engine;
  }

  @Test
  void a_rule_is_spared_while_what_it_goes_by_is_the_same() {
    Counted rule = Counted.well(BY_NODES);
    DetectionEngine engine = settled(rule);
    for (int i = 0; i < 10; i++) {
      ClusterSnapshot podsChanged =
          Seen.cluster(well.objects().nodes(), List.of(Seen.pod("p" + i)));
      beat(engine, podsChanged);
    }
    assertThat(rule.asked).isZero();
  }

  @Test
  void a_rule_that_promises_nothing_is_asked_each_time() {
    Counted rule = Counted.well(SPEC);
    DetectionEngine engine = settled(rule);
    beat(engine, well);
    beat(engine, well);
    assertThat(rule.asked).isEqualTo(2);
  }

  @Test
  void a_rule_is_asked_when_an_object_that_it_goes_by_is_another() {
    Counted rule = Counted.well(BY_NODES);
    DetectionEngine engine = settled(rule);
    ClusterSnapshot same = with(well, List.of(Seen.node("n1", "True", 1L)));
    beat(engine, same);
    assertThat(rule.asked).isEqualTo(1);
    beat(engine, same);
    assertThat(rule.asked).isEqualTo(1);
  }

  @Test
  void a_rule_is_asked_when_its_time_has_come_and_not_before() {
    Instant due = now.plusSeconds(120);
    Counted rule =
        new Counted(
            BY_NODES,
            input -> Judgement.no(Scope.CLUSTER).recheckAt(due.isAfter(input.now()) ? due : null));
    DetectionEngine engine = settled(rule);
    while (now.isBefore(due.minusSeconds(15))) {
      assertThat(beat(engine, well).recheckAt()).isEqualTo(due);
    }
    assertThat(rule.asked).isZero();
    assertThat(beat(engine, well).recheckAt()).isNull();
    assertThat(rule.asked).isEqualTo(1);
  }

  @Test
  void a_rule_is_asked_when_the_environment_changes() {
    Counted rule = Counted.well(BY_NODES);
    DetectionEngine engine = settled(rule);
    environment = Environment.PRODUCTION;
    beat(engine, well);
    assertThat(rule.asked).isEqualTo(1);
  }

  @Test
  void a_rule_is_asked_when_the_clusters_clock_jumps() {
    Counted rule = Counted.well(BY_NODES);
    DetectionEngine engine = settled(rule);
    ahead = Duration.ofSeconds(2);
    beat(engine, well);
    assertThat(rule.asked).isZero();
    ahead = Duration.ofSeconds(3);
    beat(engine, well);
    assertThat(rule.asked).isEqualTo(1);
  }

  @Test
  void a_rule_is_asked_when_a_section_or_the_info_is_another() {
    Counted rule = Counted.well(BY_NODES);
    DetectionEngine engine = settled(rule);
    ClusterSnapshot partial =
        new ClusterSnapshot(
            well.info(),
            Map.of(Section.NODES, SectionStatus.COMPLETE, Section.PODS, SectionStatus.OFF),
            well.objects());
    beat(engine, partial);
    assertThat(rule.asked).isEqualTo(1);
    ClusterInfo info =
        new ClusterInfo("2", null, null, null, null, well.info().capabilities(), null);
    beat(engine, new ClusterSnapshot(info, partial.sections(), partial.objects()));
    assertThat(rule.asked).isEqualTo(2);
  }

  @Test
  void a_rule_is_asked_while_anything_of_it_is_pending_or_open() {
    Symptom symptom = new Symptom(Severity.LOW, "wrong", Map.of());
    boolean[] wrong = {true};
    Counted rule =
        new Counted(
            BY_NODES.openAfter(Duration.ofSeconds(30)),
            input ->
                wrong[0] ? Judgement.yes(Scope.CLUSTER, symptom) : Judgement.no(Scope.CLUSTER));
    DetectionEngine engine = settled(rule);
    List<IncidentTransition> transitions = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      transitions.addAll(beat(engine, well).transitions());
    }
    assertThat(transitions).hasSize(1);
    assertThat(rule.asked).isEqualTo(4);
    wrong[0] = false;
    assertThat(beat(engine, well).transitions()).hasSize(1);
    beat(engine, well);
    assertThat(rule.asked).isEqualTo(6);
    beat(engine, well);
    assertThat(rule.asked).isEqualTo(6);
  }

  @Test
  void a_rule_is_asked_until_it_remembers_nothing_new() {
    Counted rule =
        new Counted(
            BY_NODES,
            input -> {
              List<Long> before = input.memory().recall("times");
              long times = before.isEmpty() ? 0 : before.get(0);
              input.memory().remember("times", List.of(Math.min(5, times + 1)));
              return Judgement.no(Scope.CLUSTER);
            });
    DetectionEngine engine = DetectionEngine.of(List.of(rule));
    for (int i = 0; i < 10; i++) {
      beat(engine, well);
    }
    assertThat(rule.asked).isEqualTo(6);
  }

  @Test
  void a_rule_that_fails_is_asked_again() {
    int[] calls = {0};
    Counted rule =
        new Counted(
            BY_NODES,
            input -> {
              throw new IllegalStateException("broken");
            });
    DetectionEngine engine = DetectionEngine.of(List.of(rule), (any, failure) -> calls[0]++);
    beat(engine, well);
    beat(engine, well);
    beat(engine, well);
    assertThat(calls[0]).isEqualTo(3);
  }

  @Test
  void a_recollection_counts_for_nothing_with_another_state_or_engine() {
    Counted rule = Counted.well(BY_NODES);
    DetectionEngine engine = settled(rule);
    DetectionState kept = state;
    state = DetectionState.EMPTY;
    beat(engine, well);
    assertThat(rule.asked).isEqualTo(1);
    state = kept;
    beat(DetectionEngine.of(List.of(rule)), well);
    assertThat(rule.asked).isEqualTo(2);
  }

  /** What is told of the silent must not come from before the silence. */
  @Test
  void nothing_stands_through_a_silence() {
    Counted rule = Counted.well(BY_NODES);
    DetectionEngine engine = settled(rule);
    Instant lastBeat = now;
    now = now.plusSeconds(100);
    Liveness silent =
        new Liveness(lastBeat, lastBeat, Duration.ofSeconds(65), Duration.ofSeconds(150));
    DetectionInput input =
        new DetectionInput(new ClusterId("c1"), environment, well, null, silent, now);
    recollection = engine.evaluate(state, input, recollection).recollection();
    beat(engine, well);
    assertThat(rule.asked).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void a_day_of_changes_is_told_the_same_with_and_without_it(long seed) {
    List<List<IncidentTransition>> stories = new ArrayList<>();
    Map<String, Integer> asked = new HashMap<>();
    for (boolean forgetting : new boolean[] {false, true}) {
      DetectionRun run = DetectionRun.of(DetectionEngine.of(counted(asked, forgetting)));
      live(forgetting ? run.forgetting() : run, seed);
      stories.add(run.transitions());
    }
    assertThat(stories.get(0)).hasSizeGreaterThan(10).isEqualTo(stories.get(1));
    // Each answer of the first run is compared with a whole one, which asks all.
    assertThat(asked.get("false pvc_lost")).isLessThan(asked.get("true pvc_lost") * 8 / 5);
  }

  private static void live(DetectionRun run, long seed) {
    Snapshots source = Snapshots.seeded(seed);
    ClusterSnapshot snapshot = source.cluster(3, 20);
    SnapshotChanges changes = new SnapshotChanges(source);
    RandomGenerator random = new SplittableRandom(seed);
    for (int i = 0; i < 100; i++) {
      snapshot = changes.after(snapshot, random.nextInt(3));
      run.sees(snapshot).passSeconds(15L * random.nextInt(1, 40));
      if (random.nextInt(40) == 0) {
        run.serverStops().passSeconds(random.nextInt(300)).serverStarts();
      }
    }
  }

  private static List<IncidentRule> counted(Map<String, Integer> asked, boolean forgetting) {
    List<IncidentRule> rules = new ArrayList<>();
    for (IncidentRule rule : StandardRules.all()) {
      String key = forgetting + " " + rule.spec().type();
      rules.add(
          new IncidentRule(rule.spec()) {
            @Override
            protected List<Judgement> judge(RuleInput input) {
              asked.merge(key, 1, Integer::sum);
              return rule.judge(input);
            }

            @Override
            protected boolean heeds(BeatFacts before, BeatFacts facts) {
              return rule.heeds(before, facts);
            }
          });
    }
    return rules;
  }
}
