package cx.niro.core.incident;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the newest heartbeats say beside the content of the cluster: how they arrived, which {@link
 * BeatWatch} counts, and the figures that they brought.
 *
 * @param receivedPercent heartbeats of the last 15 minutes by those that were announced, at most
 *     100; null while they were not watched for so long
 * @param longGaps times in these 15 minutes in which none came for over 3 intervals
 * @param clockAhead by how much the cluster's clock is ahead of the server's, negative when behind;
 *     null while too few came
 * @param loads how much of what they have the nodes are using
 */
public record BeatFacts(
    @Nullable Integer receivedPercent,
    int longGaps,
    @Nullable Duration clockAhead,
    NodeLoads loads) {
  /** Nothing heard yet. */
  public static final BeatFacts UNKNOWN = new BeatFacts(null, 0, null, NodeLoads.NONE);

  /** The same with other loads. */
  public BeatFacts with(NodeLoads next) {
    return new BeatFacts(receivedPercent, longGaps, clockAhead, next);
  }
}
