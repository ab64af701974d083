package cx.niro.agent.kubernetes;

import com.google.gson.JsonObject;
import cx.niro.core.managed.ObjectRef;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this agent never changes, whatever a server asks: its own namespace and what gives it its
 * permissions. Else whoever may deploy through it could be the agent.
 */
final class OwnGround {
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final String ACCOUNT = "niro-agent";

  /** The label of the ClusterRoles that add up to what the agent may apply. */
  static final String APPLY_LABEL = "niro.cx/aggregate-to-apply";

  private final String namespace;

  OwnGround(String namespace) {
    this.namespace = namespace;
  }

  /**
   * Why the object is not touched; null when it may be. Asked for what is wanted and for what is
   * there.
   */
  @Nullable String refusal(ObjectRef ref, @Nullable JsonObject object) {
    boolean itself = ref.apiVersion().equals("v1") && ref.kind().equals("Namespace");
    if (namespace.equals(itself ? ref.name() : ref.namespace())) {
      return "the agent changes nothing in its own namespace " + namespace;
    }
    return isOwnPermission(ref, Json.of(object))
        ? "the agent does not change its own permissions"
        : null;
  }

  private boolean isOwnPermission(ObjectRef ref, Json object) {
    if (!ApiResource.groupOf(ref.apiVersion()).equals(RBAC)) {
      return false;
    }
    return ref.name().equals(ACCOUNT)
        || ref.name().startsWith(ACCOUNT + "-")
        || ref.name().equals("cluster-admin")
        || object.child("metadata").child("labels").has(APPLY_LABEL)
        || object.list("subjects", subject -> bindsAgent(subject) ? subject : null).size() > 0;
  }

  private boolean bindsAgent(Json subject) {
    String name = String.valueOf(subject.text("name"));
    return switch (String.valueOf(subject.text("kind"))) {
      case "ServiceAccount" -> name.equals(ACCOUNT) && namespace.equals(subject.text("namespace"));
      case "User" -> name.equals("system:serviceaccount:" + namespace + ":" + ACCOUNT);
      case "Group" ->
          Set.of(
                  "system:serviceaccounts",
                  "system:serviceaccounts:" + namespace,
                  "system:authenticated")
              .contains(name);
      default -> false;
    };
  }
}
