package cx.niro.agent.scenario.day;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.IncidentTransition;
import cx.niro.core.incident.IncidentTransition.Muted;
import cx.niro.core.incident.IncidentTransition.Opened;
import cx.niro.core.testkit.DetectionRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A day in the life of a fleet, in virtual time: what happens is scripted as Kubernetes objects,
 * from a seed; each fault is heard of just once, and nothing else is. The build lives with as many
 * clusters as there are faults; {@code -Dniro.day.clusters=200} is the whole fleet.
 */
class FleetDayTest {
  private static final List<Fault> FAULTS = List.of(Fault.values());
  private static final int CLUSTERS = Integer.getInteger("niro.day.clusters", FAULTS.size());
  private static final Duration SLOT = Duration.ofHours(2);
  private static final int SLOTS = 12;
  private static final DetectionEngine ENGINE = DetectionEngine.standard();

  /**
   * @param heard when what was heard of opened, by cluster, type and scope
   * @param wrong what should not have been heard of, or should have been
   * @param flips how often the status of a cluster was unknown because of the line
   */
  private record Outcome(
      Map<String, Instant> heard, Set<String> wrong, int flips, long evaluations) {}

  @ParameterizedTest
  @ValueSource(longs = {1001, 88, 271828})
  void each_fault_is_heard_of_once_on_a_good_line_and_on_a_bad_one(long seed) {
    Outcome good = day(seed, 0);
    assertThat(good.wrong).isEmpty();
    assertThat(good.heard.size()).isEqualTo(Math.min(CLUSTERS, 2 * FAULTS.size()));
    assertThat(good.evaluations).isLessThan(1_500L * CLUSTERS);

    Outcome bad = day(seed, 0.1);
    assertThat(bad.wrong).isEmpty();
    assertThat(bad.flips).isLessThan(50);
    assertThat(bad.heard.keySet()).isEqualTo(good.heard.keySet());
    bad.heard.forEach(
        (what, at) ->
            assertThat(Duration.between(good.heard.get(what), at).abs())
                .as(what)
                .isLessThanOrEqualTo(DetectionRun.INTERVAL.multipliedBy(3)));
  }

  private static Outcome day(long seed, double trouble) {
    Map<String, Instant> heard = new HashMap<>();
    Set<String> wrong = new TreeSet<>();
    int flips = 0;
    long evaluations = 0;
    for (int i = 0; i < CLUSTERS; i++) {
      Fault fault = i < 2 * FAULTS.size() ? FAULTS.get(i % FAULTS.size()) : null;
      Town town = new Town(ENGINE, seed * 1000 + i, fault != null && fault.takesNodes());
      Line line = new Line(new Random(seed + i), trouble, town);
      plan(town, fault);
      town.live(SLOT.multipliedBy(SLOTS));
      judge("cluster-" + i, town, heard, wrong);
      flips += line.flips();
      evaluations += town.run.evaluations();
    }
    return new Outcome(heard, wrong, flips, evaluations);
  }

  /** One thing in each slot; the fault, if any, in the third, sixth or ninth. */
  private static void plan(Town town, Fault fault) {
    Random random = town.random;
    int faulty = 2 + 3 * random.nextInt(3);
    Instant start = town.agenda.now();
    for (int slot = 0; slot < SLOTS; slot++) {
      Instant then = start.plus(SLOT.multipliedBy(slot)).plusSeconds(300 + random.nextInt(1200));
      Life life = Life.values()[random.nextInt(Life.values().length)];
      boolean breaks = slot == faulty && fault != null;
      town.agenda.at(then, () -> town.has(breaks ? fault : life));
    }
    Instant stop = start.plus(Duration.ofHours(11)).plusSeconds(random.nextInt(60));
    town.agenda.at(stop, town.run::serverStops);
    town.agenda.at(stop.plusSeconds(40), town.run::serverStarts);
  }

  private static void judge(String name, Town town, Map<String, Instant> heard, Set<String> wrong) {
    List<String> told = new ArrayList<>();
    for (Opened opened : town.run.opened()) {
      String what = opened.type() + " " + opened.scope();
      if (!isSuppressedAtOnce(opened, town.run.transitions())) {
        told.add(what);
        heard.put(name + " " + what, opened.at());
      } else if (!town.effects.contains(opened.type().name())) {
        wrong.add(name + " opened, though suppressed, " + what + town.story);
      }
    }
    Set<String> all = new TreeSet<>(told);
    all.addAll(town.expected);
    for (String what : all) {
      long times = told.stream().filter(what::equals).count();
      if (times != (town.expected.contains(what) ? 1 : 0)) {
        wrong.add(name + " heard " + times + " times of " + what + town.story);
      }
    }
  }

  private static boolean isSuppressedAtOnce(Opened opened, List<IncidentTransition> all) {
    return all.stream()
        .filter(Muted.class::isInstance)
        .map(Muted.class::cast)
        .anyMatch(
            muted ->
                muted.fingerprint().equals(opened.fingerprint())
                    && muted.at().equals(opened.at())
                    && muted.suppressedBy() != null);
  }
}
