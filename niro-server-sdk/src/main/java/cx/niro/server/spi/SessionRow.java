package cx.niro.server.spi;

import cx.niro.core.BootId;
import cx.niro.core.ClusterId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the server durably knows of a cluster's agent processes and of its detection.
 *
 * @param bootId the current agent process; null before the first beat
 * @param bootGeneration rises by one for each agent process seen first; 0 before the first
 * @param sequence of the newest beat that wrote something
 * @param supersededAt since when another process is current instead of its predecessor; null when
 *     there was none
 * @param goodbyeAt when the current process said goodbye; null while it has not, or beats again
 * @param detectionState as {@link cx.niro.core.incident.DetectionState} spells it
 * @param recheckAt when detection wants to be asked again; null for never
 * @param version rises by one with each save, for {@link SessionStore#save}
 */
public record SessionRow(
    ClusterId cluster,
    @Nullable BootId bootId,
    long bootGeneration,
    long sequence,
    @Nullable Instant supersededAt,
    @Nullable Instant goodbyeAt,
    @Nullable String goodbyeReason,
    String detectionState,
    @Nullable Instant recheckAt,
    long version) {

  /** The same in its next version. */
  public SessionRow inVersion(long next) {
    return new SessionRow(
        cluster,
        bootId,
        bootGeneration,
        sequence,
        supersededAt,
        goodbyeAt,
        goodbyeReason,
        detectionState,
        recheckAt,
        next);
  }

  /** The same after a beat with this number, which takes a goodbye back. */
  public SessionRow afterBeat(long newest) {
    return new SessionRow(
        cluster,
        bootId,
        bootGeneration,
        newest,
        supersededAt,
        null,
        null,
        detectionState,
        recheckAt,
        version);
  }

  /** The same after the current process said goodbye. */
  public SessionRow afterGoodbye(Instant at, @Nullable String reason) {
    return new SessionRow(
        cluster,
        bootId,
        bootGeneration,
        sequence,
        supersededAt,
        at,
        reason,
        detectionState,
        recheckAt,
        version);
  }

  /** The same with what detection remembers. */
  public SessionRow afterDetection(String state, @Nullable Instant nextLook) {
    return new SessionRow(
        cluster,
        bootId,
        bootGeneration,
        sequence,
        supersededAt,
        goodbyeAt,
        goodbyeReason,
        state,
        nextLook,
        version);
  }
}
