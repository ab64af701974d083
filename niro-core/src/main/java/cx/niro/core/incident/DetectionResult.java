package cx.niro.core.incident;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation decided.
 *
 * @param state to be stored in the same transaction as the transitions and handed to the next
 *     evaluation; equal to the one before when nothing has to be stored
 * @param recheckAt when time alone could change the answer: the server then evaluates again without
 *     a beat; null for never
 * @param recollection makes the next evaluation of this cluster cheaper while it is in memory
 */
public record DetectionResult(
    DetectionState state,
    List<IncidentTransition> transitions,
    @Nullable Instant recheckAt,
    Recollection recollection) {
  public DetectionResult {
    transitions = List.copyOf(transitions);
  }
}
