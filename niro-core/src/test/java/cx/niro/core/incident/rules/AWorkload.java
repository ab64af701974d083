package cx.niro.core.incident.rules;

import cx.niro.core.snapshot.ClusterInfo;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Condition;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.OwnerReference;
import cx.niro.core.snapshot.PodSpec;
import cx.niro.core.snapshot.Section;
import cx.niro.core.snapshot.SectionStatus;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.snapshot.Workload.Replicas;
import cx.niro.core.snapshot.Workload.Rollout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A workload shop/web that is well, for tests that change one thing about it. */
final class AWorkload {
  private final String kind;
  private String namespace = "shop";
  private String name = "web";
  private @Nullable Integer desired = 3;
  private @Nullable Integer total = 3;
  private @Nullable Integer ready = 3;
  private @Nullable Integer available = 3;
  private @Nullable Integer updated = 3;
  private @Nullable Integer misscheduled;
  private @Nullable Long generation = 1L;
  private @Nullable Long observed = 1L;
  private @Nullable Boolean paused;
  private @Nullable Boolean suspended;
  private @Nullable Long deletedAt;
  private @Nullable Long createdAt = 1L;
  private boolean counted = true;
  private String strategy = "RollingUpdate";
  private @Nullable Integer partition;
  private String updateRevision = "r1";
  private @Nullable OwnerReference owner;
  private @Nullable PodSpec template;
  private final List<Condition> conditions = new ArrayList<>();
  private final Map<String, String> labels = new HashMap<>();
  private final Map<String, String> annotations = new HashMap<>();

  private AWorkload(String kind) {
    this.kind = kind;
  }

  static AWorkload of(String kind) {
    return new AWorkload(kind);
  }

  AWorkload named(String inNamespace, String given) {
    namespace = inNamespace;
    name = given;
    return this;
  }

  /** Wants so many, of which this many are ready and available, and all updated. */
  AWorkload pods(@Nullable Integer wants, @Nullable Integer has) {
    desired = wants;
    total = wants;
    updated = wants;
    ready = has;
    available = has;
    return this;
  }

  AWorkload updated(@Nullable Integer given) {
    updated = given;
    return this;
  }

  AWorkload total(@Nullable Integer given) {
    total = given;
    return this;
  }

  AWorkload misscheduled(int given) {
    misscheduled = given;
    return this;
  }

  AWorkload generation(@Nullable Long wished, @Nullable Long seen) {
    generation = wished;
    observed = seen;
    return this;
  }

  AWorkload paused() {
    paused = true;
    return this;
  }

  AWorkload suspended() {
    suspended = true;
    return this;
  }

  AWorkload createdAt(long at) {
    createdAt = at;
    return this;
  }

  AWorkload deleted() {
    deletedAt = 5L;
    return this;
  }

  AWorkload uncounted() {
    counted = false;
    return this;
  }

  AWorkload strategy(String given) {
    strategy = given;
    return this;
  }

  AWorkload partition(int given) {
    partition = given;
    return this;
  }

  AWorkload updatingTo(String revision) {
    updateRevision = revision;
    return this;
  }

  AWorkload ownedBy(String ownerKind, String ownerName) {
    owner = new OwnerReference(ownerKind, ownerName, "uid-" + ownerName);
    return this;
  }

  AWorkload asks(PodSpec given) {
    template = given;
    return this;
  }

  AWorkload says(String type, String status, String reason, @Nullable Long since) {
    conditions.add(new Condition(type, status, reason, "says " + reason, since));
    return this;
  }

  AWorkload label(String key, String value) {
    labels.put(key, value);
    return this;
  }

  AWorkload annotated(String key) {
    annotations.put(key, "on purpose");
    return this;
  }

  Workload workload() {
    ObjectMeta meta =
        new ObjectMeta(
            "uid-" + kind + "-" + name,
            namespace,
            name,
            null,
            createdAt,
            deletedAt,
            labels,
            annotations,
            owner,
            owner);
    boolean daemons = kind.equals("DaemonSet");
    Replicas replicas =
        new Replicas(
            total,
            ready,
            available,
            updated,
            null,
            daemons ? desired : null,
            daemons ? desired : null,
            misscheduled);
    Rollout rollout = new Rollout(strategy, null, null, 600, null, partition, "r1", updateRevision);
    return new Workload(
        meta,
        kind,
        generation,
        observed,
        paused,
        suspended,
        daemons ? null : desired,
        counted ? replicas : null,
        rollout,
        conditions,
        null,
        null,
        null,
        template);
  }

  ClusterSnapshot alone() {
    return cluster(workload());
  }

  static ClusterSnapshot cluster(Workload... workloads) {
    return with(
        new Inventory(
            List.of(), List.of(), List.of(workloads), List.of(), List.of(), List.of(), List.of()));
  }

  /** All sections complete. */
  static ClusterSnapshot with(Inventory objects) {
    return with(objects, SectionStatus.COMPLETE);
  }

  static ClusterSnapshot with(Inventory objects, SectionStatus status) {
    Map<Section, SectionStatus> sections = new EnumMap<>(Section.class);
    for (Section section : Section.values()) {
      sections.put(section, status);
    }
    return new ClusterSnapshot(ClusterInfo.EMPTY, sections, objects);
  }

  /** The same, of which nothing is complete. */
  static ClusterSnapshot partial(ClusterSnapshot seen) {
    return with(seen.objects(), new SectionStatus(SectionStatus.State.PARTIAL, 9, 3, "too large"));
  }

  /** Nothing can be read. */
  static ClusterSnapshot failed() {
    return with(
        Inventory.EMPTY, new SectionStatus(SectionStatus.State.ERROR, null, 0, "forbidden"));
  }
}
