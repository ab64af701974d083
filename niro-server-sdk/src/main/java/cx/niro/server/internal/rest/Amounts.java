package cx.niro.server.internal.rest;

import cx.niro.core.snapshot.Resources;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** CPU, memory and pods of a node. */
public record Amounts(@Nullable Long cpuMillis, @Nullable Long memoryBytes, @Nullable Long pods) {

  static Amounts of(@Nullable Resources resources) {
    return resources == null
        ? new Amounts(null, null, null)
        : new Amounts(resources.cpuMillis(), resources.memoryBytes(), resources.pods());
  }

  /** CPU and memory of a pod. */
  public record Compute(@Nullable Long cpuMillis, @Nullable Long memoryBytes) {
    static final Compute UNKNOWN = new Compute(null, null);

    /** The sum of what is said; null where nothing is. */
    static Compute sum(Collection<? extends @Nullable Resources> parts) {
      return new Compute(
          sum(parts, Resources::cpuMillis, false), sum(parts, Resources::memoryBytes, false));
    }

    /** The sum where every part says something; null where one does not. */
    static Compute sumOfAll(Collection<? extends @Nullable Resources> parts) {
      return new Compute(
          sum(parts, Resources::cpuMillis, true), sum(parts, Resources::memoryBytes, true));
    }

    private static @Nullable Long sum(
        Collection<? extends @Nullable Resources> parts,
        Function<Resources, @Nullable Long> figure,
        boolean all) {
      long sum = 0;
      int said = 0;
      for (Resources part : parts) {
        Long value = part == null ? null : figure.apply(part);
        if (value != null) {
          sum += value;
          said++;
        }
      }
      return said == 0 || (all && said < parts.size()) ? null : sum;
    }
  }
}
