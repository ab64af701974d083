package cx.niro.core.incident;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something wrong in a cluster that was looked at once.
 *
 * @param pending whether it is not yet known to have lasted long enough to be an incident
 * @param since when it began, as the objects themselves tell; the moment of the look where none
 *     does
 * @param suppressedBy what explains it; null for nothing
 */
public record Diagnosis(
    IncidentType type,
    Scope scope,
    Symptom symptom,
    boolean pending,
    Instant since,
    @Nullable Cause suppressedBy) {

  /** Another diagnosis of the same look. */
  public record Cause(IncidentType type, Scope scope) {}
}
