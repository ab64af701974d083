package cx.niro.server.spi;

import cx.niro.core.Severity;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which incidents are wanted; an empty set wants all.
 *
 * @param open null for both
 * @param types names of incident types
 * @param suppressed whether another incident explains it; null for both
 */
public record IncidentFilter(
    @Nullable Boolean open,
    Set<Severity> severities,
    Set<String> types,
    @Nullable Boolean suppressed) {
  public static final IncidentFilter ALL = of(null);
  public static final IncidentFilter FIRING = of(true);

  public IncidentFilter {
    severities = Set.copyOf(severities);
    types = Set.copyOf(types);
  }

  /** By being open only; null for both. */
  public static IncidentFilter of(@Nullable Boolean open) {
    return new IncidentFilter(open, Set.of(), Set.of(), null);
  }

  public boolean matches(IncidentRow row) {
    return (open == null || open == row.isOpen())
        && (severities.isEmpty() || severities.contains(row.telling().severity()))
        && (types.isEmpty() || types.contains(row.what().type().name()))
        && (suppressed == null || suppressed == row.attention().isSuppressed());
  }
}
