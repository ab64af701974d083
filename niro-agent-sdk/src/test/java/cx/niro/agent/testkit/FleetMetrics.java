package cx.niro.agent.testkit;

import java.time.Duration;
import java.util.Map;

/**
 * What a {@link VirtualFleet} has done so far.
 *
 * @param enrolled agents whose key from an enrollment has worked
 * @param beatBytes bodies of accepted beats before compression
 * @param errors calls that failed, by code
 * @param median and the two after it: round trip of accepted beats, within 5 %
 */
public record FleetMetrics(
    int clusters,
    long enrolled,
    long unchangedBeats,
    long deltaBeats,
    long fullBeats,
    long resyncs,
    long beatBytes,
    long commands,
    Map<String, Long> errors,
    Duration median,
    Duration p99,
    Duration slowest) {

  public long beats() {
    return unchangedBeats + deltaBeats + fullBeats;
  }
}
