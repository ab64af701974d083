package cx.niro.agent.kubernetes;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which distribution a version such as {@code v1.34.2+k3s1} belongs to. */
final class Distribution {
  private static final Map<String, String> MARKS =
      Map.of(
          "+k3s", "k3s",
          "+rke2", "rke2",
          "+k0s", "k0s",
          "-eks-", "eks",
          "-gke.", "gke");

  private Distribution() {}

  /** Null when the version does not tell. */
  static @Nullable String of(String version) {
    return MARKS.entrySet().stream()
        .filter(mark -> version.contains(mark.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
