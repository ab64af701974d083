package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as users made it.
 *
 * @param name unique within the organization
 * @param unknownAfterSeconds null for the server's setting; the same for {@code
 *     offlineAfterSeconds}
 * @param kubeSystemUid what the enrolled agent named; null before, and without Kubernetes
 * @param enrolledAt of the newest enrollment; null while pending
 * @param rotateKeysBefore a key that became current before is to be replaced however young it is;
 *     null when nobody asked for that
 */
public record ClusterRow(
    ClusterId id,
    OrganizationId organization,
    String name,
    Environment environment,
    Map<String, String> labels,
    @Nullable Integer unknownAfterSeconds,
    @Nullable Integer offlineAfterSeconds,
    @Nullable String kubeSystemUid,
    @Nullable Instant enrolledAt,
    @Nullable Instant rotateKeysBefore,
    Instant createdAt) {
  public ClusterRow {
    labels = Map.copyOf(labels);
  }

  /** The same after an agent enrolled it. */
  public ClusterRow enrolled(@Nullable String uid, Instant at) {
    return new ClusterRow(
        id,
        organization,
        name,
        environment,
        labels,
        unknownAfterSeconds,
        offlineAfterSeconds,
        uid,
        at,
        rotateKeysBefore,
        createdAt);
  }

  /** The same with the wish that keys from before {@code at} be replaced. */
  public ClusterRow rotatingKeys(Instant at) {
    return new ClusterRow(
        id,
        organization,
        name,
        environment,
        labels,
        unknownAfterSeconds,
        offlineAfterSeconds,
        kubeSystemUid,
        enrolledAt,
        at,
        createdAt);
  }
}
