package cx.niro.core.policy.rules;

import cx.niro.core.policy.PodTemplate;
import cx.niro.core.snapshot.Container;
import cx.niro.core.snapshot.Container.SecurityContext;
import cx.niro.core.snapshot.PodSecurityContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Security contexts, whether they are there or not. */
final class Fields {
  private Fields() {}

  /** Names of all containers whose security context is like this; none is like nothing. */
  static List<String> containers(PodTemplate template, Predicate<SecurityContext> like) {
    return template.namesOf(
        one -> one.securityContext() != null && like.test(one.securityContext()));
  }

  /** A field of the pod's security context; null when either is not there. */
  static <T> @Nullable T pod(
      PodTemplate template, Function<PodSecurityContext, @Nullable T> field) {
    PodSecurityContext context = template.spec().securityContext();
    return context == null ? null : field.apply(context);
  }

  /** A field of a container's security context; null when either is not there. */
  static <T> @Nullable T container(
      Container container, Function<SecurityContext, @Nullable T> field) {
    SecurityContext context = container.securityContext();
    return context == null ? null : field.apply(context);
  }

  /** What pod and containers have set a field to. */
  static <T> List<T> values(
      PodTemplate template,
      Function<PodSecurityContext, @Nullable T> ofPod,
      Function<SecurityContext, @Nullable T> ofContainer) {
    List<T> values = new ArrayList<>();
    T whole = pod(template, ofPod);
    if (whole != null) {
      values.add(whole);
    }
    for (Container container : template.allContainers()) {
      T own = container(container, ofContainer);
      if (own != null) {
        values.add(own);
      }
    }
    return values;
  }
}
