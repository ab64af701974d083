package cx.niro.core.snapshot;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every object has.
 *
 * @param uid the object's uid; any text that stays the same while the object lives, at most 128
 *     characters
 * @param namespace null for what has none
 * @param hash the agent's own hash of everything it sends of this object, at most 32 characters;
 *     whoever reads it only compares, see {@link ContentDigest}
 * @param createdAt epoch milliseconds of the cluster's clock
 * @param deletedAt when deletion was asked for plus the grace period, as Kubernetes says it, epoch
 *     milliseconds
 * @param labels only those that a rule or a screen reads
 * @param owner the controlling owner
 * @param rootOwner the outermost controller, for example the Deployment above a ReplicaSet
 */
public record ObjectMeta(
    String uid,
    @Nullable String namespace,
    String name,
    @Nullable String hash,
    @Nullable Long createdAt,
    @Nullable Long deletedAt,
    Map<String, String> labels,
    Map<String, String> annotations,
    @Nullable OwnerReference owner,
    @Nullable OwnerReference rootOwner) {

  public ObjectMeta {
    labels = Copy.map(labels);
    annotations = Copy.map(annotations);
  }

  /** The least an object needs: identity and hash. */
  public static ObjectMeta of(
      String uid, @Nullable String namespace, String name, @Nullable String hash) {
    return new ObjectMeta(uid, namespace, name, hash, null, null, Map.of(), Map.of(), null, null);
  }

  /** The same with another hash. */
  public ObjectMeta withHash(@Nullable String next) {
    return new ObjectMeta(
        uid, namespace, name, next, createdAt, deletedAt, labels, annotations, owner, rootOwner);
  }
}
