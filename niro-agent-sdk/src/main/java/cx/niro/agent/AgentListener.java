package cx.niro.agent;

import cx.niro.core.ClusterId;
import cx.niro.core.CommandId;
import cx.niro.core.protocol.CommandState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears what becomes of an agent. Implement what you need.
 *
 * <p>Called from the heartbeat thread, {@link #commandFinished} from the command thread; a call
 * should return quickly, for the loop waits. One that throws is logged and the agent goes on. No
 * call is made once {@link NiroAgent#close} has returned.
 */
public interface AgentListener {

  /** The key from an enrollment has worked for the first time. */
  default void enrolled(ClusterId cluster) {}

  /**
   * The server refused the enrollment. The agent goes on with an older key that still works, or
   * tries again every 15 minutes. {@code token_used} after an exchange of its own means that
   * somebody else has used the token.
   */
  default void enrollmentRefused(CallFailure failure) {}

  /** The server has stored a beat. */
  default void beatAccepted(BeatReport report) {}

  /** A call did not succeed; the agent will try again by itself. */
  default void callFailed(CallFailure failure) {}

  /**
   * Every stored key was refused, for example because the cluster was deleted; told once. The agent
   * slows to one attempt per 15 minutes.
   */
  default void keyRefused(CallFailure failure) {}

  /** A newer agent of this cluster has taken over; told once. */
  default void superseded() {}

  /** A command has ended here; its result is on its way to the server. */
  default void commandFinished(
      CommandId id, String kind, CommandState state, @Nullable String reason) {}

  /**
   * One accepted beat.
   *
   * @param bodyBytes of the request before compression
   * @param roundTrip from sending to the answer, of the attempt that succeeded
   * @param resyncAsked whether the server wants everything again
   */
  record BeatReport(
      BeatForm form, long sequence, int bodyBytes, Duration roundTrip, boolean resyncAsked) {}

  /** The three forms of a beat. */
  enum BeatForm {
    UNCHANGED,
    DELTA,
    FULL
  }
}
