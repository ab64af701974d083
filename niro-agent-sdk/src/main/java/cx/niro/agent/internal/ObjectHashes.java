package cx.niro.agent.internal;

import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Inventory;
import cx.niro.core.snapshot.Resource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

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
            fill(objects.nodes(), seen),
            fill(objects.pods(), seen),
            fill(objects.workloads(), seen),
            fill(objects.events(), seen),
            fill(objects.persistentVolumeClaims(), seen),
            fill(objects.serviceAccounts(), seen),
            fill(objects.autoscalers(), seen));
    known = seen;
    return new ClusterSnapshot(snapshot.info(), snapshot.sections(), hashed);
  }

  private <T extends Resource> List<T> fill(List<T> objects, Map<String, Known> seen) {
    List<T> filled = new ArrayList<>(objects.size());
    for (T object : objects) {
      if (object.meta().hash() != null) {
        filled.add(object);
        continue;
      }
      String id = object.section().wireName() + '\0' + object.meta().uid();
      Known before = known.get(id);
      Resource hashed =
          before != null && before.source.equals(object) ? before.hashed : hashed(object);
      seen.put(id, new Known(object, hashed));
      filled.add(like(object, hashed));
    }
    return filled;
  }

  // Known objects are filed under their section, and a section holds one type.
  @SuppressWarnings("unchecked")
  private static <T extends Resource> T like(T object, Resource hashed) {
    return (T) object.getClass().cast(hashed);
  }

  private Resource hashed(Resource object) {
    return object.with(object.meta().withHash(hash(codec.encode(object))));
  }

  private static String hash(byte[] encoded) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(encoded);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
