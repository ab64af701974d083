package cx.niro.core.protocol;

import cx.niro.core.ClusterId;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's id and a candidate key; the first authenticated request makes a candidate the key.
 *
 * @param serverTime epoch milliseconds
 */
public record EnrollReply(
    ClusterId clusterId,
    String agentKey,
    @Nullable AgentSettings settings,
    @Nullable @Range Long serverTime) {
  /** Names no secret. */
  @Override
  public String toString() {
    return "EnrollReply(" + clusterId + ")";
  }
}
