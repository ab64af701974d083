package cx.niro.core.incident;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Sorts incident types so that causes come before what they explain. */
final class InhibitionOrder {
  private InhibitionOrder() {}

  /**
   * Every type of these and of the rows' sources, causes first.
   *
   * @throws IllegalArgumentException if there is a cycle; it names the types that are in one
   */
  static List<IncidentType> of(Set<IncidentType> types, List<Inhibition> rows) {
    Set<IncidentType> left = new TreeSet<>(Comparator.comparing(IncidentType::name));
    left.addAll(types);
    rows.forEach(row -> left.addAll(row.sources()));
    List<IncidentType> sorted = new ArrayList<>();
    while (!left.isEmpty()) {
      Set<IncidentType> free = new LinkedHashSet<>(left);
      free.removeIf(type -> isExplained(type, left, rows));
      if (free.isEmpty()) {
        throw new IllegalArgumentException("these incident types suppress each other: " + left);
      }
      sorted.addAll(free);
      left.removeAll(free);
    }
    return sorted;
  }

  private static boolean isExplained(
      IncidentType type, Set<IncidentType> left, List<Inhibition> rows) {
    return rows.stream()
        .anyMatch(row -> row.suppresses(type) && row.sources().stream().anyMatch(left::contains));
  }
}
