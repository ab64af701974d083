package cx.niro.agent.kubernetes;

import cx.niro.core.snapshot.Autoscaler;
import cx.niro.core.snapshot.OwnerReference;
import org.jspecify.annotations.Nullable;

/** A HorizontalPodAutoscaler from its JSON. */
final class AutoscalerMapper {
  private AutoscalerMapper() {}

  static Autoscaler map(Json scaler) {
    Json spec = scaler.child("spec");
    Json status = scaler.child("status");
    return new Autoscaler(
        Metadata.of(scaler),
        spec.child("scaleTargetRef", AutoscalerMapper::target),
        spec.integer("minReplicas"),
        spec.integer("maxReplicas"),
        status.counter("currentReplicas"),
        status.counter("desiredReplicas"),
        Metadata.conditions(status));
  }

  private static @Nullable OwnerReference target(Json reference) {
    String kind = reference.text("kind");
    String name = reference.text("name");
    return kind == null || name == null ? null : new OwnerReference(kind, name, null);
  }
}
