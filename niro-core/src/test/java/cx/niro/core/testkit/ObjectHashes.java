package cx.niro.core.testkit;

import cx.niro.core.snapshot.Autoscaler;
import cx.niro.core.snapshot.Node;
import cx.niro.core.snapshot.ObjectMeta;
import cx.niro.core.snapshot.PersistentVolumeClaim;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.ServiceAccount;
import cx.niro.core.snapshot.WarningEvent;
import cx.niro.core.snapshot.Workload;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Gives an object another hash. */
final class ObjectHashes {
  private ObjectHashes() {}

  static String of(Resource bare) {
    UUID hash = UUID.nameUUIDFromBytes(bare.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits(hash.getMostSignificantBits());
  }

  static Resource with(Resource object, @Nullable String hash) {
    ObjectMeta m = object.meta();
    ObjectMeta meta =
        new ObjectMeta(
            m.uid(),
            m.namespace(),
            m.name(),
            hash,
            m.createdAt(),
            m.deletedAt(),
            m.labels(),
            m.annotations(),
            m.owner(),
            m.rootOwner());
    return with(object, meta);
  }

  private static Resource with(Resource object, ObjectMeta meta) {
    if (object instanceof Node o) {
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
    if (object instanceof Pod o) {
      return new Pod(meta, o.nodeName(), o.spec(), o.status());
    }
    if (object instanceof Workload o) {
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
    if (object instanceof WarningEvent o) {
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
    if (object instanceof PersistentVolumeClaim o) {
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
    if (object instanceof ServiceAccount o) {
      return new ServiceAccount(meta, o.automountToken(), o.imagePullSecrets());
    }
    Autoscaler o = (Autoscaler) object;
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
