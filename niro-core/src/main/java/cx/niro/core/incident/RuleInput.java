package cx.niro.core.incident;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a rule sees at one evaluation. Instants inside the snapshot are the cluster's clock and mean
 * nothing by themselves: {@link #age} and {@link #serverTime} are the only ways to use them.
 */
public final class RuleInput {
  private final DetectionInput input;
  private final @Nullable Instant clusterNow;
  private final Map<Class<?>, Object> shared;
  private final Map<Scope, Track> known;
  private final RuleMemory memory;

  /**
   * What is the same for all rules of one evaluation.
   *
   * @param shared what {@link #once} made
   */
  record Present(
      DetectionInput input, @Nullable Instant clusterNow, Map<Class<?>, Object> shared) {}

  RuleInput(Present present, Map<Scope, Track> known, RuleMemory memory) {
    this.input = present.input();
    this.clusterNow = present.clusterNow();
    this.shared = present.shared();
    this.known = known;
    this.memory = memory;
  }

  /**
   * What several rules work out of the snapshot, made for the first of them that asks and given to
   * all others of this evaluation. It must not depend on the rule.
   */
  public <T> T once(Class<T> what, Function<ClusterSnapshot, T> make) {
    Object made = shared.get(what);
    if (made == null) {
      made = make.apply(snapshot());
      shared.put(what, made);
    }
    return what.cast(made);
  }

  /** The newest content known of the cluster. */
  public ClusterSnapshot snapshot() {
    return input.snapshot();
  }

  /** The heartbeat that brought this evaluation about; null when time alone did. */
  public DetectionInput.@Nullable Beat beat() {
    return input.beat();
  }

  public DetectionInput.Liveness liveness() {
    return input.liveness();
  }

  /** How the newest heartbeats arrived; a rule that reads it says so with {@code heeds}. */
  public BeatFacts facts() {
    return input.facts();
  }

  /** The server's clock. */
  public Instant now() {
    return input.now();
  }

  public Environment environment() {
    return input.environment();
  }

  /**
   * How long ago an instant of the cluster's clock was, never negative; null when the instant is
   * absent or the cluster's clock is not known yet.
   *
   * @param epochMillis as snapshots have it
   */
  public @Nullable Duration age(@Nullable Long epochMillis) {
    if (epochMillis == null || clusterNow == null) {
      return null;
    }
    Duration age = Duration.ofMillis(clusterNow.toEpochMilli() - epochMillis);
    return age.isNegative() ? Duration.ZERO : age;
  }

  /**
   * How long it is until an instant of the cluster's clock, negative when that has passed; null
   * like {@link #age}.
   */
  public @Nullable Duration until(@Nullable Long epochMillis) {
    return epochMillis == null || clusterNow == null
        ? null
        : Duration.between(clusterNow, Instant.ofEpochMilli(epochMillis));
  }

  /** An instant of the cluster's clock by the server's, by its {@link #age}. */
  public @Nullable Instant serverTime(@Nullable Long epochMillis) {
    Duration age = age(epochMillis);
    return age == null ? null : now().minus(age);
  }

  /** Whether {@code epochMillis} is known and less than {@code time} ago. */
  public boolean within(Duration time, @Nullable Long epochMillis) {
    Duration age = age(epochMillis);
    return age != null && age.compareTo(time) < 0;
  }

  /** Whether all objects of the section are in the snapshot. */
  public boolean complete(Section section) {
    return snapshot().section(section).state() == State.COMPLETE;
  }

  /** Whether an incident of this rule is open on the scope, for conditions that latch. */
  public boolean isOpen(Scope scope) {
    Track track = known.get(scope);
    return track != null && track.isOpen();
  }

  /**
   * Whether nothing of this rule is pending or open in this cluster, as nearly always: {@link
   * Judgement#no} may then be left out, which is cheaper for rules about pods.
   */
  public boolean isQuiet() {
    return known.isEmpty();
  }

  /** The severity by environment; an unspecified environment is treated as staging. */
  public Severity severity(Severity dev, Severity staging, Severity production) {
    return switch (environment()) {
      case DEV -> dev;
      case STAGING, UNSPECIFIED -> staging;
      case PRODUCTION -> production;
    };
  }

  /** What this rule remembers of this cluster. */
  public RuleMemory memory() {
    return memory;
  }
}
