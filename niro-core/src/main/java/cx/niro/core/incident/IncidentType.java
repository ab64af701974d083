package cx.niro.core.incident;

import java.util.regex.Pattern;

/** The kind of an incident, in snake_case; embedders make their own as {@code acme_something}. */
public record IncidentType(String name) {
  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

  public static final IncidentType CLUSTER_OFFLINE = new IncidentType("cluster_offline");
  public static final IncidentType NODE_NOT_READY = new IncidentType("node_not_ready");
  public static final IncidentType POD_CRASH_LOOPING = new IncidentType("pod_crash_looping");
  public static final IncidentType AGENT_DUPLICATE = new IncidentType("agent_duplicate");
  public static final IncidentType ENROLLMENT_CONTESTED = new IncidentType("enrollment_contested");

  public IncidentType {
    if (name.length() > 64 || !SHAPE.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "incident type must be snake_case of at most 64 characters, but was '" + name + "'");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
