package cx.niro.core.incident;

/**
 * What an incident is about within its cluster, in a canonical spelling that survives the
 * replacement of pods: {@code cluster}, {@code node/<name>}, {@code ns/<namespace>/<Kind>/<name>},
 * {@code …/container/<name>}. Never a generated pod name, an address, a message, a count or a
 * severity.
 */
public record Scope(String value) {
  public static final Scope CLUSTER = new Scope("cluster");

  /** The longest scope; Kubernetes names are at most 253 characters each. */
  public static final int MAX_CHARS = 1024;

  public Scope {
    if (value.isEmpty() || value.length() > MAX_CHARS) {
      throw new IllegalArgumentException(
          "scope must have 1 to " + MAX_CHARS + " characters, but had " + value.length());
    }
  }

  public static Scope node(String name) {
    return new Scope("node/" + name);
  }

  public static Scope workload(String namespace, String kind, String name) {
    return new Scope("ns/" + namespace + "/" + kind + "/" + name);
  }

  /** A container of this workload. */
  public Scope container(String name) {
    return new Scope(value + "/container/" + name);
  }

  @Override
  public String toString() {
    return value;
  }
}
