package cx.niro.agent.testkit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the one caller of a {@link FakeKubernetes} may not do; everything else is allowed. */
final class FakeRbac {
  private final Set<String> denied = ConcurrentHashMap.newKeySet();

  void deny(String verb, String resource) {
    denied.add(verb + " " + resource);
  }

  void allow(String verb, String resource) {
    denied.remove(verb + " " + resource);
  }

  boolean allows(String verb, String resource) {
    return !denied.contains(verb + " " + resource)
        && !denied.contains("* " + resource)
        && !denied.contains(verb + " *");
  }

  /** The sentence that a real API server answers. */
  static String message(FakeRequestPath path, String verb) {
    String where =
        path.namespace() == null
            ? "at the cluster scope"
            : "in the namespace \"" + path.namespace() + "\"";
    String name = path.name() == null ? "" : " \"" + path.name() + "\"";
    return "%s%s is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s"
        .formatted(
            qualified(path.resource(), path.group()),
            name,
            FakeKubernetes.USER,
            verb,
            path.resourceAndSubresource(),
            path.group(),
            where);
  }

  static String qualified(String resource, @Nullable String group) {
    return group == null || group.isEmpty() ? resource : resource + "." + group;
  }
}
