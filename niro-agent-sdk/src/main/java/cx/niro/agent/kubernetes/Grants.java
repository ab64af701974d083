package cx.niro.agent.kubernetes;

import java.util.Map;

/**
 * What the agent was told to do in its cluster, before the API server is asked whether it may. The
 * flags only narrow: without the permission in RBAC nothing comes of them.
 *
 * @param pods read pods and all that goes with them
 * @param logs read the logs of pods
 * @param apply change objects
 * @param selfUpdate change the agent's own image
 */
public record Grants(boolean pods, boolean logs, boolean apply, boolean selfUpdate) {
  /** Nodes and pods, what an installation gives unless it is told otherwise. */
  public static final Grants DEFAULT = new Grants(true, false, false, false);

  /**
   * The flags {@code NIRO_ENABLE_PODS} (default 1), {@code NIRO_ENABLE_LOGS}, {@code
   * NIRO_ENABLE_APPLY} and {@code NIRO_ENABLE_SELF_UPDATE} (default 0).
   *
   * @throws IllegalArgumentException when a flag is neither 0 nor 1
   */
  public static Grants of(Map<String, String> environment) {
    return new Grants(
        flag(environment, "NIRO_ENABLE_PODS", "1"),
        flag(environment, "NIRO_ENABLE_LOGS", "0"),
        flag(environment, "NIRO_ENABLE_APPLY", "0"),
        flag(environment, "NIRO_ENABLE_SELF_UPDATE", "0"));
  }

  static boolean flag(Map<String, String> environment, String name, String otherwise) {
    String given = environment.getOrDefault(name, "").strip();
    String value = given.isEmpty() ? otherwise : given;
    return switch (value) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default -> throw new IllegalArgumentException(name + " must be 0 or 1, but was " + value);
    };
  }
}
