package cx.niro.core.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.DetectionInput.Liveness;
import cx.niro.core.incident.IncidentTransition.Opened;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.Section;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetectionEngineTest {
  private static final IncidentType TYPE = new IncidentType("acme_hot");

  /** Bad is what its node's Ready condition says: True, False, or neither for unknown. */
  private static final class Hot extends IncidentRule {
    private final Function<Node, Judgement> bad;

    Hot(int openMinutes, int clearMinutes) {
      this(
          RuleSpec.of(TYPE)
              .reads(Section.NODES)
              .openAfter(Duration.ofMinutes(openMinutes))
              .clearAfter(Duration.ofMinutes(clearMinutes)),
          node -> Judgement.yes(scope(node), symptom(node)));
    }

    Hot(RuleSpec spec, Function<Node, Judgement> bad) {
      super(spec);
      this.bad = bad;
    }

    @Override
    protected List<Judgement> judge(RuleInput input) {
      return input.snapshot().objects().nodes().stream().map(this::judge).toList();
    }

    private Judgement judge(Node node) {
      Condition ready = node.conditions().get(1);
      return switch (ready.status()) {
        case "True" -> bad.apply(node);
        case "False" -> Judgement.no(scope(node));
        case "Held" -> Judgement.held(scope(node));
        default -> Judgement.unknown(scope(node));
      };
    }

    static Scope scope(Node node) {
      return Scope.node(node.meta().name());
    }

    static Symptom symptom(Node node) {
      return new Symptom(Severity.LOW, node.meta().name() + " is hot", Map.of());
    }
  }

  private static DetectionRun run(IncidentRule... rules) {
    return DetectionRun.of(DetectionEngine.of(List.of(rules)));
  }

  private static DetectionRun run(int openMinutes, int clearMinutes) {
    return run(new Hot(openMinutes, clearMinutes)).sees(is("False"));
  }

  private static ClusterSnapshot is(String hot) {
    return Seen.nodes(Seen.node("n1", hot, 1L));
  }

  // Opening.

  @Test
  void zero_opens_at_the_first_sample() {
    DetectionRun run = run(0, 0).passMinutes(1).sees(is("True")).passSeconds(15);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void an_unchanged_condition_opens_by_time_alone() {
    DetectionRun run = run(10, 0).passMinutes(1).sees(is("True")).passSeconds(10 * 60 - 1);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(20);
    assertThat(run.story()).containsExactly("opened");
    Opened opened = run.opened().get(0);
    assertThat(Duration.between(opened.since(), opened.at())).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void any_sample_that_is_false_starts_the_time_anew() {
    DetectionRun run = run(10, 0);
    for (int i = 0; i < 10; i++) {
      run.sees(is("True")).passMinutes(9).sees(is("False")).passSeconds(15);
    }
    assertThat(run.transitions()).isEmpty();
  }

  @Test
  void a_condition_nine_minutes_old_opens_one_minute_after_the_server_started() {
    DetectionRun run = run(10, 0).passSeconds(15).sees(is("True")).passMinutes(9);
    run.serverStops().passMinutes(3).serverStarts();
    Instant started = run.now();
    run.passMinutes(2);
    assertThat(run.story()).containsExactly("opened");
    assertThat(run.opened().get(0).at())
        .isBetween(started.plusSeconds(15), started.plusSeconds(60 + 45 + 15));
  }

  @Test
  void a_restart_of_the_server_that_loses_one_beat_loses_no_time() {
    DetectionRun run = run(10, 0).passSeconds(15).sees(is("True")).passMinutes(9);
    run.serverStops().passSeconds(20).serverStarts().passSeconds(60);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void a_date_back_is_confirmed_by_a_second_sample() {
    Hot hot =
        new Hot(
            RuleSpec.of(TYPE).reads(Section.NODES).openAfter(Duration.ofMinutes(10)),
            node -> Judgement.yes(Hot.scope(node), Hot.symptom(node)).since(Instant.EPOCH));
    DetectionRun run = run(hot).sees(is("False")).passMinutes(60).sees(is("True"));
    Instant changed = run.now();
    run.passSeconds(60);
    assertThat(run.opened().get(0).at())
        .isBetween(changed.plusSeconds(15), changed.plusSeconds(31));
    assertThat(run.opened().get(0).since()).isEqualTo(changed.minusSeconds(3600 - 1));
  }

  // Nobody can tell.

  @ParameterizedTest
  @ValueSource(strings = {"Unknown", "Held"})
  void not_knowing_freezes_the_time_until_it_opens(String verdict) {
    DetectionRun run = run(10, 0).passMinutes(1).sees(is("True")).passMinutes(6);
    run.sees(is(verdict)).passMinutes(120).sees(is("True")).passMinutes(3);
    assertThat(run.transitions()).isEmpty();
    run.passMinutes(2);
    assertThat(run.story()).containsExactly("opened");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Unknown", "Held"})
  void not_knowing_freezes_the_time_until_it_resolves(String verdict) {
    DetectionRun run = run(0, 10).sees(is("True")).passMinutes(1).sees(is("False")).passMinutes(6);
    run.sees(is(verdict)).passMinutes(120).sees(is("False")).passMinutes(3);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @ParameterizedTest
  @CsvSource({"Unknown, true", "Held, false"})
  void not_knowing_ends_after_a_day_unless_it_is_on_purpose(String verdict, boolean expires) {
    DetectionRun run = run(0, 10).sees(is("True")).passMinutes(1).sees(is(verdict));
    run.passMinutes(24 * 60 - 1);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(3);
    assertThat(run.story().contains("resolved expired")).isEqualTo(expires);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 400, 4000})
  void silence_freezes_the_time_until_it_opens(int seconds) {
    DetectionRun run =
        DetectionRun.of(DetectionEngine.of(List.of(new Hot(10, 0))))
            .sees(is("False"))
            .passMinutes(1)
            .sees(is("True"))
            .passMinutes(6);
    run.goesSilent().passSeconds(seconds).comesBack().passSeconds(210);
    assertThat(run.transitions()).isEmpty();
    run.passSeconds(90);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void beats_lost_within_three_intervals_lose_no_time() {
    DetectionRun run = run(10, 0).passMinutes(1).sees(is("True")).passMinutes(6);
    run.goesSilent().passSeconds(30).comesBack().passSeconds(225);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void silence_resolves_nothing_but_a_day_of_it_expires() {
    DetectionRun run = run(0, 0).sees(is("True")).passMinutes(1).goesSilent();
    run.passMinutes(23 * 60);
    assertThat(run.story()).containsExactly("opened");
    run.passMinutes(61);
    assertThat(run.story()).containsExactly("opened", "resolved expired");
  }

  @Test
  void an_object_gone_from_a_complete_section_is_deleted_and_from_a_partial_one_unknown() {
    DetectionRun run = run(0, 0).sees(is("True")).passMinutes(1);
    run.sees(Seen.partial(Seen.nodes())).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
    run.sees(Seen.nodes()).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved object_deleted");
  }

  @Test
  void what_is_seen_in_a_partial_section_is_judged() {
    DetectionRun run = run(0, 0).passMinutes(1).sees(Seen.partial(is("True"))).passMinutes(1);
    assertThat(run.story()).containsExactly("opened");
  }

  // Resolving and updating.

  @Test
  void clearing_needs_all_of_its_time() {
    DetectionRun run = run(0, 10).sees(is("True")).passMinutes(1);
    for (int i = 0; i < 5; i++) {
      run.sees(is("False")).passMinutes(9).sees(is("True")).passSeconds(15);
    }
    assertThat(run.story()).containsExactly("opened");
    run.sees(is("False")).passMinutes(11);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void the_same_scope_opens_again_with_the_same_fingerprint() {
    DetectionRun run = run(0, 0).sees(is("True")).passMinutes(1).sees(is("False")).passMinutes(1);
    run.sees(is("True")).passMinutes(1);
    assertThat(run.story()).containsExactly("opened", "resolved cleared", "opened");
    assertThat(run.opened().get(0).fingerprint()).isEqualTo(run.opened().get(1).fingerprint());
  }

  @Test
  void a_changed_summary_is_told_at_most_once_a_minute() {
    List<String> summaries = new ArrayList<>(List.of("a"));
    Hot hot = telling(summaries, Map.of());
    DetectionRun run = run(hot).sees(is("True")).passMinutes(2);
    summaries.add("b");
    run.sees(Seen.nodes(Seen.node("n1", "True", 2L))).passSeconds(16);
    summaries.add("c");
    run.sees(Seen.nodes(Seen.node("n1", "True", 3L))).passSeconds(16);
    assertThat(run.updated()).extracting(one -> one.summary()).containsExactly("b");
    run.passMinutes(2);
    assertThat(run.updated()).extracting(one -> one.summary()).containsExactly("b", "c");
  }

  @Test
  void evidence_in_another_order_is_the_same() {
    List<String> pods = new ArrayList<>(List.of("x", "y"));
    Hot hot = telling(List.of("a"), Map.of("pods", pods));
    DetectionRun run = run(hot).sees(is("True")).passMinutes(20);
    java.util.Collections.reverse(pods);
    run.sees(Seen.nodes(Seen.node("n1", "True", 2L))).passMinutes(20);
    assertThat(run.story()).containsExactly("opened");
    pods.add("z");
    run.sees(Seen.nodes(Seen.node("n1", "True", 3L))).passMinutes(20);
    assertThat(run.story()).containsExactly("opened", "updated");
  }

  private static Hot telling(List<String> summaries, Map<String, List<String>> evidence) {
    return new Hot(
        RuleSpec.of(TYPE).reads(Section.NODES),
        node ->
            Judgement.yes(
                Hot.scope(node),
                new Symptom(Severity.LOW, summaries.get(summaries.size() - 1), evidence)));
  }

  @Test
  void judgements_on_one_scope_become_one() {
    Hot hot =
        new Hot(
            RuleSpec.of(TYPE).reads(Section.NODES),
            node ->
                Judgement.yes(
                    Scope.CLUSTER,
                    new Symptom(
                        node.meta().name().equals("n2") ? Severity.HIGH : Severity.LOW,
                        node.meta().name(),
                        Map.of("nodes", List.of(node.meta().name())))));
    DetectionRun run =
        run(hot)
            .sees(Seen.nodes(Seen.node("n1", "True", 1L), Seen.node("n2", "True", 1L)))
            .passMinutes(1);
    Opened opened = run.opened().get(0);
    assertThat(run.opened()).hasSize(1);
    assertThat(opened.severity()).isEqualTo(Severity.HIGH);
    assertThat(opened.summary()).isEqualTo("n2");
    assertThat(opened.evidence()).containsEntry("nodes", List.of("n1", "n2"));
  }

  @Test
  void evidence_is_bounded() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      many.add("x".repeat(600) + i);
    }
    Symptom symptom = new Symptom(Severity.LOW, "s".repeat(1000), Map.of("pods", many));
    assertThat(symptom.summary()).hasSize(Symptom.SUMMARY_CHARS);
    assertThat(symptom.evidence().get("pods"))
        .hasSize(Symptom.EVIDENCE_ENTRIES)
        .allMatch(text -> text.length() == Symptom.ENTRY_CHARS);
  }

  // What happened and is over.

  private static DetectionRun happening(List<Instant> at) {
    Hot hot =
        new Hot(
            RuleSpec.of(TYPE).reads(Section.NODES),
            node ->
                Judgement.happened(
                    Hot.scope(node),
                    Hot.symptom(node),
                    at.get(at.size() - 1),
                    Duration.ofHours(1)));
    return run(hot).sees(is("False")).passMinutes(10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"False", "gone", "Unknown"})
  void what_happened_stays_open_for_its_time_whatever_is_judged_later(String later) {
    List<Instant> at = new ArrayList<>();
    DetectionRun run = happening(at);
    at.add(run.now());
    run.sees(is("True")).passMinutes(5).sees(later.equals("gone") ? Seen.nodes() : is(later));
    run.passMinutes(54);
    assertThat(run.story()).containsExactly("opened");
    run.sees(is("False")).passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  @Test
  void what_happens_again_stays_open_longer() {
    List<Instant> at = new ArrayList<>();
    DetectionRun run = happening(at);
    at.add(run.now());
    run.sees(is("True")).passMinutes(30);
    at.add(run.now());
    run.sees(Seen.nodes(Seen.node("n1", "True", 2L))).passMinutes(5).sees(Seen.nodes());
    DetectionState during = run.passMinutes(1).state();
    run.passMinutes(53);
    assertThat(run.story()).containsExactly("opened");
    assertThat(run.state()).isEqualTo(during);
    run.passMinutes(2);
    assertThat(run.story()).containsExactly("opened", "resolved cleared");
  }

  // State.

  @Test
  void a_steady_cluster_needs_no_write() {
    DetectionRun run = run(0, 10).sees(is("True")).passMinutes(16);
    run.sees(Seen.nodes(Seen.node("n1", "True", 2L))).passMinutes(1);
    DetectionState before = run.state();
    run.sees(Seen.nodes(Seen.node("n1", "True", 7L))).passMinutes(60);
    assertThat(run.state()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        "niro-detection 0\nx",
        "niro-detection 1\nt",
        "niro-detection 1\nt acme_hot zz",
        "niro-detection 1\nq what",
        "niro-detection 1\nt Bad! 1 1 - - - - - node/n1",
        "niro-detection 1\nm 1 2 3 !",
        "{\"json\": true}"
      })
  void a_state_that_is_not_understood_is_a_new_start(String text) {
    DetectionRun run = run(0, 0).sees(is("True")).loses(new DetectionState(text)).passMinutes(1);
    assertThat(run.story()).containsExactly("opened");
  }

  @Test
  void no_damage_to_the_text_can_make_it_throw() {
    DetectionRun run = run(5, 5).sees(is("True")).passMinutes(3).sees(is("Unknown")).passMinutes(3);
    String text = run.state().text();
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    for (int i = 0; i < 5_000; i++) {
      int at = random.nextInt(text.length());
      char other = (char) random.nextInt(128);
      StateText.read(text.substring(0, at) + other + text.substring(at + 1));
      StateText.read(text.substring(0, at));
    }
  }

  @Test
  void a_scope_with_odd_characters_survives_the_text() {
    Scope odd = new Scope("ns/a b%0A%/\nPod\t%25x");
    Remembered state = Remembered.nothing();
    Track track =
        Track.begun(Instant.EPOCH, Instant.EPOCH)
            .tied(new Track.Ties(null, List.of(new Scope("node/a b%20"), odd)));
    Map<Scope, Track> tracks = Remembered.byScope();
    tracks.put(odd, track);
    state.tracks().put(TYPE, tracks);
    assertThat(StateText.read(StateText.write(state)).tracksOf(TYPE)).isEqualTo(tracks);
  }

  @Test
  void a_hostile_cluster_cannot_make_it_grow_without_bound() {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < 3 * DetectionEngine.MAX_CONDITIONS; i++) {
      nodes.add(Seen.node("n" + i, "True", 1L));
    }
    DetectionRun run = run(new Hot(0, 0)).sees(Seen.cluster(nodes, List.of())).passMinutes(1);
    assertThat(run.openScopes()).hasSize(DetectionEngine.MAX_CONDITIONS);
    assertThat(run.state().text()).hasSizeLessThan(200_000);
  }

  @Test
  void what_a_rule_remembers_is_bounded() {
    RuleMemory memory = new RuleMemory(Map.of());
    for (int i = 0; i < RuleMemory.MAX_KEYS; i++) {
      assertThat(memory.remember("key" + i, List.of(1L))).isTrue();
    }
    assertThat(memory.remember("one more", List.of(1L))).isFalse();
    assertThat(memory.remember("key7", List.of(2L))).isTrue();
    List<Long> tooMany = java.util.Collections.nCopies(RuleMemory.MAX_NUMBERS + 1, 1L);
    assertThatThrownBy(() -> memory.remember("key1", tooMany))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE})
  void nonsense_instants_of_a_cluster_do_no_harm(long millis) {
    List<String> failed = new ArrayList<>();
    DetectionEngine engine =
        DetectionEngine.of(
            DetectionEngine.standard().rules(),
            (rule, e) -> failed.add(rule.spec().type() + ": " + e));
    Instant now = Instant.parse("2026-01-05T08:00:00Z");
    DetectionState state = DetectionState.EMPTY;
    for (long sentAt : new long[] {millis, 0, Long.MAX_VALUE, Long.MIN_VALUE}) {
      ClusterSnapshot odd =
          Seen.cluster(
              List.of(Seen.node("n1", "False", millis, millis, null, "b")),
              List.of(Seen.pod("p", Seen.backingOff("app", (int) millis, Seen.exit(1, millis)))));
      DetectionInput.Beat beat = new DetectionInput.Beat(Instant.ofEpochMilli(sentAt), 1, 1, false);
      state = engine.evaluate(state, input(odd, beat, now)).state();
      now = now.plusSeconds(15);
      state = engine.evaluate(state, input(odd, null, now)).state();
    }
    assertThat(failed).isEmpty();
  }

  // Rules that misbehave or go away.

  @Test
  void a_rule_that_throws_is_told_and_counts_as_unknown() {
    List<String> failed = new ArrayList<>();
    List<Boolean> broken = new ArrayList<>(List.of(false));
    Hot hot =
        new Hot(
            RuleSpec.of(TYPE).reads(Section.NODES),
            node -> {
              if (broken.get(0)) {
                throw new IllegalStateException("broken");
              }
              return Judgement.yes(Hot.scope(node), Hot.symptom(node));
            });
    DetectionRun run =
        DetectionRun.of(
                DetectionEngine.of(
                    List.of(hot), (rule, e) -> failed.add(rule.spec().type() + e.getMessage())))
            .sees(is("True"))
            .passMinutes(1);
    broken.set(0, true);
    run.sees(Seen.nodes(Seen.node("n1", "True", 2L))).passMinutes(60);
    assertThat(run.story()).containsExactly("opened");
    assertThat(failed).contains("acme_hotbroken");
  }

  @Test
  void incidents_of_a_rule_that_is_gone_expire() {
    DetectionRun before = run(0, 0).sees(is("True")).passMinutes(1);
    DetectionEngine none = DetectionEngine.of(List.of());
    DetectionResult frozen = none.evaluate(before.state(), input(before.now()));
    assertThat(frozen.transitions()).isEmpty();
    Instant later = before.now().plus(DetectionEngine.FREEZE_LIMIT);
    DetectionResult expired = none.evaluate(frozen.state(), input(later));
    assertThat(expired.transitions()).hasSize(1);
    assertThat(none.evaluate(expired.state(), input(later)).transitions()).isEmpty();
  }

  private static DetectionInput input(Instant now) {
    return input(is("True"), null, now);
  }

  private static DetectionInput input(
      ClusterSnapshot snapshot, DetectionInput.@Nullable Beat beat, Instant now) {
    Liveness liveness = new Liveness(now, now, Duration.ofSeconds(65), Duration.ofSeconds(150));
    return new DetectionInput(new ClusterId("c1"), Environment.DEV, snapshot, beat, liveness, now);
  }

  @Test
  void two_rules_for_one_type_are_refused() {
    assertThatThrownBy(() -> DetectionEngine.of(List.of(new Hot(0, 0), new Hot(1, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two rules for incident type acme_hot");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void evaluating_unchanged_beats_too_gives_the_same_story(long seed) {
    List<List<IncidentTransition>> stories = new ArrayList<>();
    for (boolean everyBeat : new boolean[] {false, true}) {
      DetectionRun run = run(3, 4).passMinutes(1);
      if (everyBeat) {
        run.evaluatingEveryBeat();
      }
      RandomGenerator random = new java.util.SplittableRandom(seed);
      for (int i = 0; i < 60; i++) {
        String verdict =
            List.of("True", "False", "True", "False", "Unknown").get(random.nextInt(5));
        run.sees(is(verdict)).passSeconds(15L * random.nextInt(1, 30));
      }
      stories.add(run.transitions());
    }
    assertThat(stories.get(0)).hasSizeGreaterThan(5).isEqualTo(stories.get(1));
  }
}
