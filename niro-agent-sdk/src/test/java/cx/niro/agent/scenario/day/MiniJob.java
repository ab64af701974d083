package cx.niro.agent.scenario.day;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** A Job with its controller: a pod that fails is followed by another, until the limit. */
final class MiniJob implements MiniOwner {
  private final MiniCluster cluster;
  private final String namespace;
  private final String name;
  private final String cronJob;
  private final int limit;
  private final IntFunction<Behaviour> behaviours;
  private final Instant createdAt;
  private final List<MiniPod> pods = new ArrayList<>();
  private int seenFailures;
  private String end;
  private Instant endedAt;

  /**
   * @param cronJob null for one that a person made
   * @param behaviours of the first pod, the second and so on
   */
  MiniJob(
      MiniCluster cluster,
      String namespacedName,
      String cronJob,
      int limit,
      IntFunction<Behaviour> behaviours) {
    this.cluster = cluster;
    this.namespace = namespacedName.substring(0, namespacedName.indexOf('/'));
    this.name = namespacedName.substring(namespacedName.indexOf('/') + 1);
    this.cronJob = cronJob;
    this.limit = limit;
    this.behaviours = behaviours;
    this.createdAt = cluster.now();
    create();
  }

  private void create() {
    int number = pods.size();
    MiniPod pod = new MiniPod(this, name + "-" + number, "job", behaviours.apply(number), null);
    pods.add(pod);
    cluster.add(pod);
    write();
  }

  @Override
  public void changed() {
    cluster.agenda().in(1, this::reconcile);
  }

  private void reconcile() {
    if (end != null) {
      return;
    }
    int failures = (int) pods.stream().filter(p -> p.isFinished() && !p.hasSucceeded()).count();
    if (pods.stream().anyMatch(MiniPod::hasSucceeded)) {
      ends("Complete");
    } else if (failures > limit) {
      ends("Failed");
    } else if (failures > seenFailures) {
      cluster.agenda().in(10 * Math.pow(2, failures - 1), this::create);
    }
    seenFailures = failures;
    write();
  }

  private void ends(String how) {
    end = how;
    endedAt = cluster.now();
  }

  /** With its pods. */
  void delete() {
    end = "gone";
    cluster.api().delete("Job", namespace, name);
    pods.forEach(MiniPod::delete);
  }

  private void write() {
    int active = (int) pods.stream().filter(pod -> !pod.isFinished()).count();
    JsonObject owner =
        cronJob == null
            ? null
            : Tree.of(
                "kind", "CronJob", "name", cronJob, "uid", "uid-" + cronJob, "controller", true);
    boolean complete = "Complete".equals(end);
    String why = complete ? "CompletionsReached" : "BackoffLimitExceeded";
    cluster
        .api()
        .put(
            Tree.of(
                "apiVersion",
                "batch/v1",
                "kind",
                "Job",
                "metadata",
                Tree.of(
                    "name",
                    name,
                    "namespace",
                    namespace,
                    "uid",
                    "uid-" + name,
                    "creationTimestamp",
                    Tree.time(createdAt),
                    "ownerReferences",
                    owner == null ? null : Tree.list(owner)),
                "spec",
                Tree.of("backoffLimit", limit, "template", Tree.of("spec", Tree.of())),
                "status",
                Tree.of(
                    "active",
                    active == 0 || end != null ? null : active,
                    "failed",
                    seenFailures == 0 ? null : seenFailures,
                    "succeeded",
                    complete ? 1 : null,
                    "startTime",
                    Tree.time(createdAt),
                    "completionTime",
                    complete ? Tree.time(endedAt) : null,
                    "conditions",
                    end == null
                        ? null
                        : Tree.list(Tree.condition(end, true, endedAt, why, null)))));
  }

  @Override
  public MiniCluster cluster() {
    return cluster;
  }

  @Override
  public String namespace() {
    return namespace;
  }

  @Override
  public JsonObject podLabels(String revision) {
    return Tree.of("job-name", name);
  }

  @Override
  public JsonObject reference(String revision) {
    return Tree.of("kind", "Job", "name", name, "uid", "uid-" + name, "controller", true);
  }

  @Override
  public String restartPolicy() {
    return "OnFailure";
  }

  @Override
  public JsonArray volumes(String pod) {
    return null;
  }

  @Override
  public String unschedulable(boolean tooBig) {
    return null;
  }
}
