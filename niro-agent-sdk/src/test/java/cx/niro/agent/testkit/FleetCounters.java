package cx.niro.agent.testkit;

import cx.niro.agent.AgentListener;
import cx.niro.agent.CallFailure;
import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandState;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts for all agents of a fleet; from any thread. */
final class FleetCounters implements AgentListener {
  private static final double GROWTH = 1.05;
  private static final int BUCKETS = 420;

  private final LongAdder enrolled = new LongAdder();
  private final Map<BeatForm, LongAdder> beats =
      Map.of(
          BeatForm.UNCHANGED, new LongAdder(),
          BeatForm.DELTA, new LongAdder(),
          BeatForm.FULL, new LongAdder());
  private final LongAdder resyncs = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder commands = new LongAdder();
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  // Round trips in microseconds, in buckets that each reach 5 % further than the one before.
  private final AtomicLongArray roundTrips = new AtomicLongArray(BUCKETS);

  @Override
  public void enrolled(ClusterId cluster) {
    enrolled.increment();
  }

  @Override
  public void beatAccepted(BeatReport report) {
    beats.get(report.form()).increment();
    bytes.add(report.bodyBytes());
    if (report.resyncAsked()) {
      resyncs.increment();
    }
    long micros = Math.max(1, TimeUnit.NANOSECONDS.toMicros(report.roundTrip().toNanos()));
    int bucket = (int) (Math.log(micros) / Math.log(GROWTH));
    roundTrips.incrementAndGet(Math.min(bucket, BUCKETS - 1));
  }

  @Override
  public void callFailed(CallFailure failure) {
    errors.computeIfAbsent(failure.code(), code -> new LongAdder()).increment();
  }

  @Override
  public void commandFinished(CommandId id, String kind, CommandState state, String reason) {
    commands.increment();
  }

  FleetMetrics metrics(int clusters) {
    Map<String, Long> failed = new TreeMap<>();
    errors.forEach((code, count) -> failed.put(code, count.sum()));
    return new FleetMetrics(
        clusters,
        enrolled.sum(),
        beats.get(BeatForm.UNCHANGED).sum(),
        beats.get(BeatForm.DELTA).sum(),
        beats.get(BeatForm.FULL).sum(),
        resyncs.sum(),
        bytes.sum(),
        commands.sum(),
        failed,
        roundTrip(0.5),
        roundTrip(0.99),
        roundTrip(1));
  }

  private Duration roundTrip(double share) {
    long all = 0;
    for (int i = 0; i < BUCKETS; i++) {
      all += roundTrips.get(i);
    }
    long below = 0;
    for (int i = 0; i < BUCKETS; i++) {
      below += roundTrips.get(i);
      if (all > 0 && below >= Math.ceil(all * share)) {
        return Duration.ofNanos(1_000 * (long) Math.pow(GROWTH, i + 1));
      }
    }
    return Duration.ZERO;
  }
}
