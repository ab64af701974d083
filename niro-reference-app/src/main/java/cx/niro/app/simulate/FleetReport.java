package cx.niro.app.simulate;

import cx.niro.agent.testkit.FleetMetrics;
import cx.niro.agent.testkit.VirtualFleet;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Prints how a virtual fleet does: a line now and then, and a summary. */
final class FleetReport {
  private final VirtualFleet fleet;
  private final LongSupplier nanos;
  private final PrintWriter out;
  private final long begun;
  private long lastAt;
  private long lastBeats;

  FleetReport(VirtualFleet fleet, LongSupplier nanos, PrintWriter out) {
    this.fleet = fleet;
    this.nanos = nanos;
    this.out = out;
    this.begun = nanos.getAsLong();
    this.lastAt = begun;
  }

  /** What happened since the line before. */
  void line(String what) {
    FleetMetrics metrics = fleet.metrics();
    long now = nanos.getAsLong();
    double seconds = Math.max(1, now - lastAt) / 1e9;
    out.printf(
        Locale.ROOT,
        "%5.0f s  %-9s  %d of %d enrolled  %.1f beats/s  errors %d%n",
        (now - begun) / 1e9,
        what,
        metrics.enrolled(),
        metrics.clusters(),
        (metrics.beats() - lastBeats) / seconds,
        errors(metrics));
    out.flush();
    lastAt = now;
    lastBeats = metrics.beats();
  }

  void summary() {
    FleetMetrics metrics = fleet.metrics();
    double seconds = (nanos.getAsLong() - begun) / 1e9;
    long beats = metrics.beats();
    out.println();
    out.printf(
        Locale.ROOT, "clusters       %d, enrolled %d%n", metrics.clusters(), metrics.enrolled());
    out.printf(Locale.ROOT, "beats          %d, %.1f per second%n", beats, beats / seconds);
    out.printf(
        Locale.ROOT,
        "by form        unchanged %d, delta %d, full %d%n",
        metrics.unchangedBeats(),
        metrics.deltaBeats(),
        metrics.fullBeats());
    out.printf(Locale.ROOT, "full resyncs   %d asked for%n", metrics.resyncs());
    out.printf(
        Locale.ROOT,
        "body           %d bytes on average, before compression%n",
        beats == 0 ? 0 : metrics.beatBytes() / beats);
    out.printf(
        Locale.ROOT,
        "round trip     p50 %s  p99 %s  slowest %s%n",
        millis(metrics.median()),
        millis(metrics.p99()),
        millis(metrics.slowest()));
    out.printf(Locale.ROOT, "commands       %d%n", metrics.commands());
    out.printf(Locale.ROOT, "errors         %d %s%n", errors(metrics), metrics.errors());
    out.flush();
  }

  private static long errors(FleetMetrics metrics) {
    return metrics.errors().values().stream().mapToLong(Long::longValue).sum();
  }

  private static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
  }
}
