package cx.niro.core.protocol;

import cx.niro.core.BootId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits for work.
 *
 * @param waitSeconds how long the server may park it, at most 55; null for the server's setting
 * @param slots how many commands the agent can take now; null for 4
 */
public record PollRequest(
    BootId bootId,
    @Nullable @Range(max = 55) Integer waitSeconds,
    @Nullable @Range(max = 64) Integer slots,
    List<HeldCommand> holding) {
  public PollRequest {
    holding = Absent.list(holding);
  }
}
