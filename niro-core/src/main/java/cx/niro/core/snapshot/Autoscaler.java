package cx.niro.core.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A HorizontalPodAutoscaler and the workload that it scales. */
public record Autoscaler(
    ObjectMeta meta,
    @Nullable OwnerReference target,
    @Nullable Integer minReplicas,
    @Nullable Integer maxReplicas,
    @Nullable Integer currentReplicas,
    @Nullable Integer desiredReplicas,
    List<Condition> conditions)
    implements Resource {

  public Autoscaler {
    conditions = Copy.list(conditions);
  }

  @Override
  public Autoscaler with(ObjectMeta next) {
    return new Autoscaler(
        next, target, minReplicas, maxReplicas, currentReplicas, desiredReplicas, conditions);
  }

  @Override
  public Section section() {
    return Section.AUTOSCALERS;
  }
}
