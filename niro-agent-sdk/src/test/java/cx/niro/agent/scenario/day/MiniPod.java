package cx.niro.agent.scenario.day;

import com.google.gson.JsonObject;
import cx.niro.agent.scenario.day.Behaviour.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A pod from its creation to its end, as scheduler and kubelet take it through. */
final class MiniPod {
  private static final double MOUNT_RETRY = 123;

  private final MiniCluster cluster;
  final MiniOwner owner;
  final String name;
  final String revision;
  private final String uid;
  private final Behaviour behaviour;
  private final MiniNode bound;
  private final Instant createdAt;
  private final MiniContainer main;
  private final MiniContainer init;
  MiniNode node;
  private Instant scheduledAt;
  private Instant startedAt;
  private Instant readyChangedAt;
  private Instant deletedAt;
  private String unschedulable;
  private String phase = "Pending";
  private String reason;
  private boolean ready;
  private boolean gone;
  private boolean disrupted;
  private int life;
  private int tries;

  /**
   * @param bound the node that it is for; null for any
   */
  MiniPod(MiniOwner owner, String name, String revision, Behaviour behaviour, MiniNode bound) {
    this.cluster = owner.cluster();
    this.owner = owner;
    this.name = name;
    this.revision = revision;
    this.behaviour = behaviour;
    this.bound = bound;
    this.createdAt = cluster.now();
    this.uid = "uid-" + name + "-" + createdAt.toEpochMilli();
    this.readyChangedAt = createdAt;
    this.main = new MiniContainer("app", "registry.example.com/app:" + revision);
    this.init =
        behaviour.kind() == Kind.INIT_FAILS ? new MiniContainer("setup", "busybox:1.37") : null;
    write();
    later(1, this::schedule);
  }

  boolean isReady() {
    return ready && !isLeaving();
  }

  boolean isLeaving() {
    return deletedAt != null;
  }

  boolean isFinished() {
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  boolean hasSucceeded() {
    return phase.equals("Succeeded");
  }

  /** What is due only if nothing came between; nothing happens on a node whose kubelet is away. */
  private void later(double seconds, Runnable what) {
    int mine = life;
    cluster
        .agenda()
        .in(
            seconds,
            () -> {
              if (mine == life && !gone) {
                if (node != null && node.isSilent()) {
                  later(5, what);
                } else {
                  what.run();
                }
              }
            });
  }

  private void schedule() {
    String why = owner.unschedulable(behaviour.kind() == Kind.NO_NODE);
    MiniNode found = why != null ? null : bound == null ? cluster.placeFor(this) : bound;
    if (found == null) {
      String told = why == null ? "0/3 nodes are available: 3 node(s) were unschedulable." : why;
      if (!told.equals(unschedulable)) {
        scheduledAt = unschedulable == null ? cluster.now() : scheduledAt;
        unschedulable = told;
        write();
      }
      later(5, this::schedule);
      return;
    }
    node = found;
    unschedulable = null;
    scheduledAt = cluster.now();
    write();
    later(1, this::start);
  }

  private void start() {
    startedAt = cluster.now();
    main.waits("ContainerCreating", null);
    if (init != null) {
      init.waits("PodInitializing", null);
    }
    write();
    switch (behaviour.kind()) {
      case NO_IMAGE -> later(2, this::pull);
      case NO_CONFIG ->
          later(2, () -> waits("CreateContainerConfigError", "secret \"s\" not found"));
      case NO_VOLUME -> later(1, this::mount);
      case INIT_FAILS -> later(3, this::initialize);
      default -> later(2 + cluster.random().nextInt(6), this::run);
    }
  }

  private void waits(String why, String message) {
    main.waits(why, message);
    write();
  }

  private void pull() {
    waits("ErrImagePull", "failed to resolve reference \"x\": x: not found");
    double backOff = Math.min(300, 10 * Math.pow(2, tries++));
    later(3, () -> waits("ImagePullBackOff", "Back-off pulling image \"x\": not found"));
    later(3 + backOff, this::pull);
  }

  private void mount() {
    tries++;
    cluster.event(
        this,
        uid,
        "FailedMount",
        "MountVolume.SetUp failed for volume \"config\" : configmap \"config\" not found",
        startedAt,
        tries);
    later(tries < 8 ? Math.pow(2, tries - 1) : MOUNT_RETRY, this::mount);
  }

  private void initialize() {
    init.runs(cluster.now());
    write();
    later(behaviour.runs(), () -> retry(init, this::initialize));
  }

  private void run() {
    main.runs(cluster.now());
    phase = "Running";
    write();
    go();
  }

  private void go() {
    switch (behaviour.kind()) {
      case NEVER_READY -> later(3600, () -> {});
      case CRASHES -> later(behaviour.runs(), () -> retry(main, this::go));
      case KILLED -> {
        later(behaviour.readyAfter(), this::becomesReady);
        later(behaviour.runs(), () -> retry(main, this::go));
      }
      case COMPLETES -> later(behaviour.runs(), () -> finishes("Succeeded", 0));
      case FAILS -> later(behaviour.runs(), () -> finishes("Failed", 1));
      case RETRIES -> later(behaviour.runs(), this::retryThenComplete);
      default -> later(behaviour.readyAfter(), this::becomesReady);
    }
  }

  private void retryThenComplete() {
    if (tries++ < 2) {
      retry(main, this::go);
    } else {
      finishes("Succeeded", 0);
    }
  }

  /** The container ends, and the kubelet starts it again after its back-off. */
  private void retry(MiniContainer container, Runnable then) {
    boolean killed = behaviour.kind() == Kind.KILLED;
    double pause = container.ends(killed ? 137 : 1, killed ? "OOMKilled" : "Error", cluster.now());
    ready(false);
    if (pause > 1) {
      later(1, () -> backOff(container));
    }
    later(
        1 + pause,
        () -> {
          container.restarts(cluster.now());
          write();
          then.run();
        });
  }

  private void backOff(MiniContainer container) {
    container.backsOff(name);
    write();
  }

  private void finishes(String how, int exit) {
    main.ends(exit, exit == 0 ? "Completed" : "Error", cluster.now());
    phase = how;
    ready(false);
  }

  private void becomesReady() {
    main.ready(true);
    ready(true);
  }

  private void ready(boolean now) {
    readyChangedAt = ready == now ? readyChangedAt : cluster.now();
    ready = now;
    write();
    owner.changed();
  }

  /** Its readiness probe fails from now on, or succeeds again. */
  void probes(boolean well) {
    main.ready(well);
    ready(well);
  }

  void restartedLongAgo(int times) {
    main.restartedLongAgo(times, createdAt.minusSeconds(86_400));
    write();
  }

  /** The node controller marks the pods of a node that does not report. */
  void lost() {
    if (!isFinished()) {
      ready(false);
    }
  }

  /** The kubelet, which was away, reports again; the containers went on. */
  void found() {
    if (main.isReady()) {
      ready(true);
    }
  }

  /** The machine started anew, and every container with it. */
  void rebooted() {
    if (gone || isFinished() || !main.isRunning()) {
      return;
    }
    life++;
    main.ends(255, "Unknown", cluster.now().minusSeconds(20));
    ready(false);
    if (deletedAt != null) {
      later(2, this::end);
    } else {
      later(
          2 + cluster.random().nextInt(15),
          () -> {
            main.restarts(cluster.now());
            write();
            go();
          });
    }
  }

  /** The kubelet evicts it for what it used. */
  void evicted() {
    life++;
    disrupted = true;
    reason = "Evicted";
    finishes("Failed", 137);
  }

  void delete() {
    if (deletedAt == null && !gone) {
      boolean leaves = node != null && !isFinished();
      life++;
      deletedAt = cluster.now().plusSeconds(leaves ? 30 : 0);
      if (!leaves) {
        end();
        return;
      }
      main.ready(false);
      ready(false);
      later(3 + cluster.random().nextInt(10), this::end);
    }
  }

  /** Its node is gone, and so is it. */
  void end() {
    gone = true;
    life++;
    cluster.removed(this);
    owner.changed();
  }

  private void write() {
    if (!gone) {
      cluster.api().put(json());
    }
  }

  private JsonObject json() {
    JsonObject spec =
        Tree.of(
            "containers",
            Tree.list(main.spec()),
            "initContainers",
            init == null ? null : Tree.list(init.spec()),
            "nodeName",
            node == null ? null : node.name,
            "restartPolicy",
            owner.restartPolicy(),
            "volumes",
            owner.volumes(name));
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "Pod",
        "metadata",
        Tree.of(
            "name",
            name,
            "namespace",
            owner.namespace(),
            "uid",
            uid,
            "creationTimestamp",
            Tree.time(createdAt),
            "deletionTimestamp",
            Tree.time(deletedAt),
            "labels",
            owner.podLabels(revision),
            "ownerReferences",
            Tree.list(owner.reference(revision))),
        "spec",
        spec,
        "status",
        status());
  }

  private JsonObject status() {
    return Tree.of(
        "phase",
        phase,
        "reason",
        reason,
        "message",
        reason == null ? null : "Pod ephemeral local storage usage exceeds the total limit",
        "qosClass",
        "BestEffort",
        "startTime",
        Tree.time(startedAt),
        "podIP",
        startedAt == null ? null : "10.42.0.9",
        "conditions",
        conditions(),
        "initContainerStatuses",
        init == null || startedAt == null ? null : Tree.list(init.json()),
        "containerStatuses",
        startedAt == null ? null : Tree.list(main.json()));
  }

  private List<JsonObject> conditions() {
    List<JsonObject> all = new ArrayList<>();
    if (disrupted) {
      all.add(
          Tree.condition("DisruptionTarget", true, readyChangedAt, "TerminationByKubelet", null));
    }
    if (scheduledAt != null) {
      String why = unschedulable == null ? null : "Unschedulable";
      all.add(
          Tree.condition("PodScheduled", unschedulable == null, scheduledAt, why, unschedulable));
    }
    if (startedAt != null) {
      String why = ready ? null : phase.equals("Succeeded") ? "PodCompleted" : "ContainersNotReady";
      all.add(Tree.condition("Initialized", init == null, startedAt, null, null));
      all.add(Tree.condition("ContainersReady", main.isReady(), readyChangedAt, why, null));
      all.add(Tree.condition("Ready", ready, readyChangedAt, why, null));
    }
    return all;
  }
}
