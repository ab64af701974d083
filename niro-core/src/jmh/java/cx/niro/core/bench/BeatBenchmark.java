package cx.niro.core.bench;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.incident.BeatFacts;
import cx.niro.core.incident.BeatWatch;
import cx.niro.core.incident.DetectionEngine;
import cx.niro.core.incident.DetectionInput;
import cx.niro.core.incident.DetectionInput.Beat;
import cx.niro.core.incident.DetectionInput.Liveness;
import cx.niro.core.incident.DetectionResult;
import cx.niro.core.incident.DetectionState;
import cx.niro.core.incident.NodeLoads;
import cx.niro.core.incident.Recollection;
import cx.niro.core.policy.PolicyContext;
import cx.niro.core.policy.PolicyEngine;
import cx.niro.core.policy.PolicyEvaluation;
import cx.niro.core.protocol.BeatTiming;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.HeldContent;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.snapshot.ClusterSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a changed heartbeat costs a server, part by part. Each call is sampled, so that the median
 * does not notice that other programs use the machine too.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class BeatBenchmark {
  private static final Duration INTERVAL = Duration.ofSeconds(15);
  private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");

  /**
   * {@code pod}: only its status is sent; {@code whole}: also its workload and an event; {@code
   * replaced}: three pods gave way to new ones.
   */
  @Param({"pod", "whole", "replaced"})
  public String change = "pod";

  /** Whether another pod crashed long ago and is not mended. */
  @Param({"false", "true"})
  public boolean crashed;

  private final NiroCodec codec = NiroCodec.create();
  private final DetectionEngine engine = DetectionEngine.standard();
  private final PolicyEngine policies = PolicyEngine.standard();
  private final PolicyContext context = PolicyContext.of(Environment.STAGING);
  private ChangedBeats beats = new ChangedBeats("pod", false);
  private DetectionState state = DetectionState.EMPTY;
  private @Nullable Recollection recollection;
  private @Nullable PolicyEvaluation evaluation;
  private BeatWatch watch = BeatWatch.EMPTY;
  private Instant now = START;
  private int turn;
  private int opened;

  /** Lets half an hour go by, so that what opens is open. */
  @Setup
  public void begin() {
    beats = new ChangedBeats(change, crashed);
    for (int i = 0; i < 120; i++) {
      opened += detectAsServersDo().transitions().size();
    }
    evaluation = policies.evaluate(held(turn).snapshot(), context);
  }

  /** Says what there is to remember. */
  @TearDown
  public void end() {
    System.out.printf(
        "full beat %d bytes, delta %d bytes, detection state %d characters, %d rules,"
            + " %d policies, %d transitions before%n",
        beats.fulls.get(0).length,
        beats.deltas.get(0).length,
        state.text().length(),
        engine.rules().size(),
        policies.rules().size(),
        opened);
  }

  @Benchmark
  public Heartbeat decodeFull() {
    return codec.decode(Heartbeat.class, beats.fulls.get(next()));
  }

  @Benchmark
  public Heartbeat decodeDelta() {
    return codec.decode(Heartbeat.class, beats.deltas.get(next()));
  }

  @Benchmark
  public HeldContent merge() {
    int i = next();
    return ChangedBeats.apply(beats.held.get(i), beats.contents.get(i));
  }

  /** Of a beat of which nothing is remembered but the state: the first after a start. */
  @Benchmark
  public DetectionResult detectFromNothing() {
    DetectionResult result = engine.evaluate(state, input(held(next()).snapshot()));
    state = result.state();
    return result;
  }

  /** As a server does it with each changed beat. */
  @Benchmark
  public DetectionResult detectAsServersDo() {
    DetectionResult result = engine.evaluate(state, input(held(next()).snapshot()), recollection);
    state = result.state();
    recollection = result.recollection();
    return result;
  }

  /** Whether policies have to be asked. */
  @Benchmark
  public boolean heedPolicies() {
    int i = next();
    return policies.heeds(held(i).snapshot(), held(i + 1).snapshot());
  }

  /** Asking them all the same, with what was said of the templates. */
  @Benchmark
  public PolicyEvaluation askPolicies() {
    evaluation = policies.evaluate(held(next()).snapshot(), context, evaluation);
    return evaluation;
  }

  /** All that a server does about policies when a beat changed something. */
  @Benchmark
  public long lookAtPolicies() {
    int i = turn;
    ClusterSnapshot now = held(next()).snapshot();
    if (!policies.heeds(held(i).snapshot(), now)) {
      return 0;
    }
    PolicyEvaluation last = policies.evaluate(now, context, evaluation);
    evaluation = last;
    Duration recheck = last.recheckAfter();
    return last.outcome() + (recheck == null ? 0 : recheck.toMillis());
  }

  /** An unchanged beat: counting its arrival, asking the rules whether they heed it. */
  @Benchmark
  public boolean arrive() {
    now = now.plus(INTERVAL);
    long millis = now.toEpochMilli();
    BeatTiming timing =
        new BeatTiming(millis, millis - START.toEpochMilli(), 15_000L, null, 20L);
    BeatWatch heard = watch.heard(ChangedBeats.BOOT, timing, now, START);
    boolean heeds = engine.heeds(watch.facts(), heard.facts());
    watch = heard;
    return heeds;
  }

  private HeldContent held(int i) {
    return beats.held.get(i % beats.held.size());
  }

  private int next() {
    turn = (turn + 1) % beats.held.size();
    return turn;
  }

  private DetectionInput input(ClusterSnapshot snapshot) {
    now = now.plus(INTERVAL);
    Liveness liveness = new Liveness(now, now, Duration.ofSeconds(65), Duration.ofSeconds(150));
    return new DetectionInput(
        new ClusterId("c1"),
        Environment.STAGING,
        snapshot,
        new Beat(now, 1, 1, false),
        liveness,
        BeatFacts.UNKNOWN.with(NodeLoads.of(beats.usage, snapshot)),
        now);
  }
}
