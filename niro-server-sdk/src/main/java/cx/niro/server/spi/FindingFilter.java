package cx.niro.server.spi;

import cx.niro.core.Severity;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which findings are wanted; an empty set wants all.
 *
 * @param rules ids of policies
 * @param exempt null for open and exempt ones
 */
public record FindingFilter(
    Set<String> rules, Set<Severity> severities, Set<String> namespaces, @Nullable Boolean exempt) {
  public static final FindingFilter ALL = new FindingFilter(Set.of(), Set.of(), Set.of(), null);

  public FindingFilter {
    rules = Set.copyOf(rules);
    severities = Set.copyOf(severities);
    namespaces = Set.copyOf(namespaces);
  }

  public boolean matches(FindingRow row) {
    return (rules.isEmpty() || rules.contains(row.finding().rule().value()))
        && (severities.isEmpty() || severities.contains(row.finding().severity()))
        && (namespaces.isEmpty() || namespaces.contains(row.namespace()))
        && (exempt == null || exempt == row.isExempt());
  }
}
