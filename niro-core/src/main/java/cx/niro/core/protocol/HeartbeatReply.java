package cx.niro.core.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The answer to an accepted beat.
 *
 * @param settings null where the agent was told before and they are still the same
 * @param confirmedRevision the content revision that the server now has; the base of the next delta
 * @param resync asks for a full beat at the next slot
 * @param rotateKey asks the agent to fetch a new key
 * @param wantedAgentVersion null when the agent is as it should be
 * @param notBeforeMillis the earliest next beat, from the receipt of this reply; null leaves it to
 *     the interval
 * @param serverTime epoch milliseconds
 */
public record HeartbeatReply(
    @Nullable AgentSettings settings,
    @Range long confirmedRevision,
    @Nullable Boolean resync,
    @Nullable Boolean rotateKey,
    @Nullable String wantedAgentVersion,
    @Nullable @Range Long notBeforeMillis,
    @Range long serverTime) {

  public boolean wantsResync() {
    return Boolean.TRUE.equals(resync);
  }
}
