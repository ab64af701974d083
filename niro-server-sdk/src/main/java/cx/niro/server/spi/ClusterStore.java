package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.OrganizationId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Clusters. */
public interface ClusterStore {
  /** Unique by (organization, name): false, and nothing written, when the name is taken. */
  boolean insert(ClusterRow cluster);

  Optional<ClusterRow> find(ClusterId id);

  /** Replaces the row with this id; false when the name is taken or the cluster is gone. */
  boolean update(ClusterRow cluster);

  /**
   * Removes the cluster with its enrollment token, session, commands, incidents, deployments,
   * timeline and inventory. Its keys stay, as revoked ones, so that its agent can be told {@code
   * key_revoked}.
   */
  boolean delete(ClusterId id);

  /**
   * All clusters, ordered by id; {@code after} null for the first page, at most {@code limit} rows.
   */
  List<ClusterRow> list(@Nullable ClusterId after, int limit);

  Optional<ClusterRow> findByKubeSystemUid(OrganizationId organization, String kubeSystemUid);
}
