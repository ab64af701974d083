package cx.niro.agent.internal;

import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.snapshot.Autoscaler;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.PersistentVolumeClaim;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.ServiceAccount;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Gives every object that has no hash one: the first 64 bits of a SHA-256 over its encoding. What
 * an object is made of is chosen by people in the cluster, so two contents must not be made to
 * collide. Objects that did not change since the last call are neither encoded nor copied again.
 * Confined to the heartbeat lane.
 */
final class ObjectHashes {
  private record Known(Resource source, Resource hashed) {}

  private final NiroCodec codec;
  private Map<String, Known> known = new HashMap<>();

  ObjectHashes(NiroCodec codec) {
    this.codec = codec;
  }

  ClusterSnapshot fill(ClusterSnapshot snapshot) {
    Map<String, Known> seen = new HashMap<>();
    Inventory objects = snapshot.objects();
    Inventory hashed =
        new Inventory(
            fill(objects.nodes(), seen, ObjectHashes::node),
            fill(objects.pods(), seen, ObjectHashes::pod),
            fill(objects.workloads(), seen, ObjectHashes::workload),
            fill(objects.events(), seen, ObjectHashes::event),
            fill(objects.persistentVolumeClaims(), seen, ObjectHashes::claim),
            fill(objects.serviceAccounts(), seen, ObjectHashes::account),
            fill(objects.autoscalers(), seen, ObjectHashes::autoscaler));
    known = seen;
    return new ClusterSnapshot(snapshot.info(), snapshot.sections(), hashed);
  }

  private <T extends Resource> List<T> fill(
      List<T> objects, Map<String, Known> seen, BiFunction<T, ObjectMeta, T> withMeta) {
    List<T> filled = new ArrayList<>(objects.size());
    for (T object : objects) {
      if (object.meta().hash() != null) {
        filled.add(object);
        continue;
      }
      String id = object.section().wireName() + '\0' + object.meta().uid();
      Known before = known.get(id);
      T hashed =
          before != null && before.source.equals(object)
              ? again(before, object)
              : withMeta.apply(object, hashed(object));
      seen.put(id, new Known(object, hashed));
      filled.add(hashed);
    }
    return filled;
  }

  // Known objects are filed under their section, and a section holds one type.
  @SuppressWarnings("unchecked")
  private static <T extends Resource> T again(Known before, T object) {
    return (T) object.getClass().cast(before.hashed);
  }

  private ObjectMeta hashed(Resource object) {
    ObjectMeta meta = object.meta();
    return new ObjectMeta(
        meta.uid(),
        meta.namespace(),
        meta.name(),
        hash(codec.encode(object)),
        meta.createdAt(),
        meta.deletedAt(),
        meta.labels(),
        meta.annotations(),
        meta.owner(),
        meta.rootOwner());
  }

  private static String hash(byte[] encoded) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(encoded);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static Node node(Node o, ObjectMeta meta) {
    return new Node(
        meta,
        o.unschedulable(),
        o.taints(),
        o.conditions(),
        o.info(),
        o.capacity(),
        o.allocatable(),
        o.runningPods(),
        o.requested());
  }

  private static Pod pod(Pod o, ObjectMeta meta) {
    return new Pod(meta, o.nodeName(), o.spec(), o.status());
  }

  private static Workload workload(Workload o, ObjectMeta meta) {
    return new Workload(
        meta,
        o.kind(),
        o.generation(),
        o.observedGeneration(),
        o.paused(),
        o.suspended(),
        o.desiredReplicas(),
        o.replicas(),
        o.rollout(),
        o.conditions(),
        o.job(),
        o.cron(),
        o.templateHash(),
        o.template());
  }

  private static WarningEvent event(WarningEvent o, ObjectMeta meta) {
    return new WarningEvent(
        meta,
        o.reason(),
        o.message(),
        o.involved(),
        o.sourceComponent(),
        o.host(),
        o.reportingInstance(),
        o.count(),
        o.firstSeenAt(),
        o.lastSeenAt());
  }

  private static PersistentVolumeClaim claim(PersistentVolumeClaim o, ObjectMeta meta) {
    return new PersistentVolumeClaim(
        meta,
        o.phase(),
        o.storageClassName(),
        o.bindingMode(),
        o.accessModes(),
        o.volumeName(),
        o.requestedBytes(),
        o.capacityBytes(),
        o.mountedBy());
  }

  private static ServiceAccount account(ServiceAccount o, ObjectMeta meta) {
    return new ServiceAccount(meta, o.automountToken(), o.imagePullSecrets());
  }

  private static Autoscaler autoscaler(Autoscaler o, ObjectMeta meta) {
    return new Autoscaler(
        meta,
        o.target(),
        o.minReplicas(),
        o.maxReplicas(),
        o.currentReplicas(),
        o.desiredReplicas(),
        o.conditions());
  }
}
