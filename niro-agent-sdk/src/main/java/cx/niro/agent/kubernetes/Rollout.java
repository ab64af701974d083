package cx.niro.agent.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * How far a Deployment's rollout is, by the rules of {@code kubectl rollout status}; but an old pod
 * that is still there beside a ready new one counts as done, because the agent that asks may be it.
 *
 * @param step how far
 * @param message of the controller, where it failed
 */
record Rollout(Step step, @Nullable String message) {
  private static final Rollout GOING_ON = new Rollout(Step.GOING_ON, null);
  private static final int DEADLINE_SECONDS = 600;

  enum Step {
    GOING_ON,
    DONE,
    FAILED
  }

  static Rollout of(Json deployment) {
    Json status = deployment.child("status");
    Long generation = deployment.child("metadata").number("generation");
    Long observed = status.number("observedGeneration");
    if (generation != null && (observed == null || observed < generation)) {
      return GOING_ON;
    }
    Integer replicas = deployment.child("spec").integer("replicas");
    int wanted = replicas == null ? 1 : replicas;
    boolean done =
        status.counter("updatedReplicas") >= wanted
            && status.counter("availableReplicas") >= wanted
            && status.counter("unavailableReplicas") == 0;
    if (done) {
      return new Rollout(Step.DONE, null);
    }
    return status.list("conditions", Rollout::failure).stream().findFirst().orElse(GOING_ON);
  }

  private static @Nullable Rollout failure(Json condition) {
    boolean failed =
        "Progressing".equals(condition.text("type"))
            && "False".equals(condition.text("status"))
            && "ProgressDeadlineExceeded".equals(condition.text("reason"));
    return failed ? new Rollout(Step.FAILED, condition.text("message", Json.MESSAGE)) : null;
  }

  /** How long the controller waits for progress before it says that there is none. */
  static int deadlineSeconds(Json deployment) {
    Integer given = deployment.child("spec").integer("progressDeadlineSeconds");
    return given == null ? DEADLINE_SECONDS : given;
  }
}
