package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.server.ServerOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Tells clusters that went silent together, which is more likely one failure than many: at least 20
 * of them and over 30 % of those that reported, within 60 s. Looks at the fleet once a second at
 * most, and only when a cluster goes offline; safe from any thread.
 */
final class FleetSilence {
  static final String GROUP = "fleet_silence";
  static final int LEAST = 20;
  private static final int PERCENT = 30;
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final ServerOptions options;
  private final Platform platform;
  private final LiveClusters clusters;
  private volatile Waves known = new Waves(Instant.EPOCH, List.of());

  FleetSilence(ServerOptions options, Platform platform, LiveClusters clusters) {
    this.options = options;
    this.platform = platform;
    this.clusters = clusters;
  }

  /** When many clusters were heard for the last time; ends included. */
  record Wave(long from, long until) {}

  private record Waves(Instant at, List<Wave> waves) {}

  /** What the silence of this cluster is told with; null for by itself. */
  @Nullable String groupOf(ClusterId cluster) {
    LiveCluster live = clusters.known(cluster);
    Long sign = live == null ? null : sign(live.state());
    if (sign == null) {
      return null;
    }
    boolean shared = waves().stream().anyMatch(wave -> wave.from() <= sign && sign <= wave.until());
    return shared ? GROUP : null;
  }

  private List<Wave> waves() {
    Instant now = platform.now();
    Waves last = known;
    if (Duration.between(last.at(), now).abs().compareTo(LOOK) >= 0) {
      last = new Waves(now, look(now));
      known = last;
    }
    return last.waves();
  }

  private List<Wave> look(Instant now) {
    LongStream.Builder signs = LongStream.builder();
    LongStream.Builder silent = LongStream.builder();
    for (LiveCluster live : clusters.all()) {
      ClusterState state = live.state();
      Long sign = sign(state);
      if (sign != null) {
        signs.add(sign);
        if (sign + state.unknownAfter(options).toMillis() <= now.toEpochMilli()) {
          silent.add(sign);
        }
      }
    }
    return waves(
        signs.build().sorted().toArray(),
        silent.build().sorted().toArray(),
        options.unknownAfter().toMillis());
  }

  /** The last sign of life in epoch milliseconds, as the judgement of silence takes it. */
  private @Nullable Long sign(ClusterState state) {
    Instant sign = state.lastSign();
    return sign == null
        ? null
        : Grace.silentSince(sign, clusters.listening().since(), state.offlineAfter(options))
            .toEpochMilli();
  }

  /**
   * @param signs last signs of all clusters, sorted
   * @param silent those of the clusters that are silent now, sorted
   * @param unknownAfter for so long before a moment a cluster that reported then was heard
   */
  static List<Wave> waves(long[] signs, long[] silent, long unknownAfter) {
    List<Wave> waves = new ArrayList<>();
    int end = 0;
    for (int begin = 0; begin < silent.length; begin++) {
      while (end < silent.length && silent[end] <= silent[begin] + WITHIN.toMillis()) {
        end++;
      }
      int together = end - begin;
      int reporting = signs.length - firstAtLeast(signs, silent[begin] - unknownAfter);
      if (together >= LEAST && together * 100L > (long) PERCENT * reporting) {
        add(waves, new Wave(silent[begin], silent[end - 1]));
      }
    }
    return waves;
  }

  private static int firstAtLeast(long[] sorted, long value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static void add(List<Wave> waves, Wave next) {
    int last = waves.size() - 1;
    if (last >= 0 && next.from() <= waves.get(last).until()) {
      waves.set(last, new Wave(waves.get(last).from(), next.until()));
    } else {
      waves.add(next);
    }
  }
}
