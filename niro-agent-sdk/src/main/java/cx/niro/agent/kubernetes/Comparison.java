package cx.niro.agent.kubernetes;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two states of one object, beside status and what the API server counts by
 * itself. Quantities are compared as numbers.
 */
final class Comparison {
  /** A field; {@code before} and {@code after} are null where it is not there. */
  record Difference(FieldPath path, @Nullable JsonElement before, @Nullable JsonElement after) {}

  private static final Set<String> COUNTED =
      Set.of("managedFields", "resourceVersion", "generation", "creationTimestamp", "selfLink");

  /** Members whose values, or whose members' values, are quantities. */
  private static final Set<String> OF_QUANTITIES =
      Set.of(
          "requests",
          "limits",
          "hard",
          "capacity",
          "min",
          "max",
          "default",
          "defaultRequest",
          "sizeLimit",
          "divisor",
          "averageValue");

  private final List<Difference> found = new ArrayList<>();

  private Comparison() {}

  static List<Difference> of(JsonObject before, JsonObject after) {
    Comparison comparison = new Comparison();
    comparison.compare(FieldPath.ROOT, before, after);
    return List.copyOf(comparison.found);
  }

  private void compare(FieldPath path, @Nullable JsonElement before, @Nullable JsonElement after) {
    if (isLeftOut(path) || isSame(path, before, after)) {
      return;
    }
    if (before instanceof JsonObject one && after instanceof JsonObject other) {
      Set<String> names = new LinkedHashSet<>(one.keySet());
      names.addAll(other.keySet());
      names.forEach(name -> compare(path.member(name), one.get(name), other.get(name)));
    } else if (before instanceof JsonArray one && after instanceof JsonArray other) {
      for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
        compare(path.element(i), at(one, i), at(other, i));
      }
    } else {
      found.add(new Difference(path, before, after));
    }
  }

  private static @Nullable JsonElement at(JsonArray list, int index) {
    return index < list.size() ? list.get(index) : null;
  }

  private static boolean isLeftOut(FieldPath path) {
    return switch (path.steps().size()) {
      case 1 -> path.isUnder("status");
      case 2 -> path.isUnder("metadata") && COUNTED.contains(path.lastMember());
      default -> false;
    };
  }

  private static boolean isSame(
      FieldPath path, @Nullable JsonElement before, @Nullable JsonElement after) {
    if (isNothing(before) && isNothing(after)) {
      return true;
    }
    if (before == null || after == null) {
      return false;
    }
    return before.equals(after) || (isQuantity(path) && isSameQuantity(before, after));
  }

  private static boolean isNothing(@Nullable JsonElement value) {
    return value == null || value.isJsonNull();
  }

  private static boolean isQuantity(FieldPath path) {
    return path.isUnder("spec")
        && (OF_QUANTITIES.contains(path.lastMember())
            || OF_QUANTITIES.contains(path.parentMember()));
  }

  private static boolean isSameQuantity(JsonElement before, JsonElement after) {
    if (before instanceof JsonPrimitive one && after instanceof JsonPrimitive other) {
      BigDecimal first = Quantity.exact(one.getAsString());
      BigDecimal second = Quantity.exact(other.getAsString());
      return first != null && second != null && first.compareTo(second) == 0;
    }
    return false;
  }
}
