package cx.niro.server.spi;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A server over the same data, and how the others reach it.
 *
 * @param server drawn anew at each start
 * @param url where the others reach its HTTP handler; null when it was not told
 * @param secret what they sign their calls to it with; lives as long as the process
 * @param endsAt when it counts as gone, unless it writes again
 */
public record RelayRow(String server, @Nullable String url, String secret, Instant endsAt) {

  /** Names no secret. */
  @Override
  public String toString() {
    return "RelayRow(" + server + " at " + url + " until " + endsAt + ")";
  }
}
