package cx.niro.agent.kubernetes;

import cx.niro.core.managed.ObjectRef;
import java.io.IOException;

/**
 * What the steps of one command about a managed deployment share.
 *
 * @param deployment its name
 * @param namespace for objects that name none
 * @param home the agent's own namespace
 */
record ManagedParts(
    ObjectCalls calls,
    Discovery discovery,
    Course course,
    String deployment,
    String namespace,
    String home) {

  OwnGround ground() {
    return new OwnGround(home);
  }

  Ledger ledger() {
    return new Ledger(calls, home, deployment);
  }

  /** Whether another deployment still holds the object. */
  boolean isHeldBy(String other, ObjectRef ref) throws IOException {
    boolean name = other.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    return name
        && new Ledger(calls, home, other)
            .read().entries().stream().anyMatch(entry -> key(entry.ref()).equals(key(ref)));
  }

  /** What an object is in whatever version it is named. */
  static String key(ObjectRef ref) {
    return ApiResource.groupOf(ref.apiVersion())
        + "/"
        + ref.kind()
        + "/"
        + ref.namespace()
        + "/"
        + ref.name();
  }
}
