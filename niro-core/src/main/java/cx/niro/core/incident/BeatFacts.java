package cx.niro.core.incident;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the newest heartbeats say by how they arrived, whatever is in them; {@link BeatWatch} counts
 * them.
 *
 * @param receivedPercent heartbeats of the last 15 minutes by those that were announced, at most
 *     100; null while they were not watched for so long
 * @param longGaps times in these 15 minutes in which none came for over 3 intervals
 * @param clockAhead by how much the cluster's clock is ahead of the server's, negative when behind;
 *     null while too few came
 */
public record BeatFacts(
    @Nullable Integer receivedPercent, int longGaps, @Nullable Duration clockAhead) {
  /** Nothing heard yet. */
  public static final BeatFacts UNKNOWN = new BeatFacts(null, 0, null);
}
