package cx.niro.core.snapshot;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an agent is granted to do, by name: {@link #PODS}, {@link #LOGS}, {@link #APPLY}, {@link
 * #SELF_UPDATE}, and every command kind of an embedder, for example {@code acme.reboot}.
 */
public record Capabilities(Set<String> names) {
  public static final String PODS = "pods";
  public static final String LOGS = "logs";
  public static final String APPLY = "apply";
  public static final String SELF_UPDATE = "selfUpdate";

  /** An agent that only reports. */
  public static final Capabilities NONE = new Capabilities(Set.of());

  public Capabilities {
    names = Collections.unmodifiableSet(new TreeSet<>(names));
  }

  /** The name that says that a kind of an embedder may run twice without harm. */
  public static String idempotent(String kind) {
    return kind + ".idempotent";
  }

  public boolean has(String name) {
    return names.contains(name);
  }
}
