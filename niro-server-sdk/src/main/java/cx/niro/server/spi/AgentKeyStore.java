package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Agent keys; rows outlive their cluster by 30 days. */
public interface AgentKeyStore {
  void insert(KeyRow candidate);

  Optional<KeyRow> findByKeyId(String keyId);

  /** The keys of a cluster that are not revoked. */
  List<KeyRow> live(ClusterId cluster);

  /**
   * Makes a candidate the current key and revokes every other live key of its cluster: conditional
   * on it being a candidate still; false, and nothing written, otherwise.
   */
  boolean makeCurrent(String keyId, Instant now);

  /** Revokes the candidates of the cluster that were inserted before {@code madeBefore}. */
  void revokeCandidates(ClusterId cluster, Instant madeBefore, Instant now);

  /** Revokes every live key of the cluster. */
  void revokeAll(ClusterId cluster, Instant now);

  /** Ids of the keys revoked at or after {@code since}. */
  List<String> revokedSince(Instant since);
}
