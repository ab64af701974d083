package cx.niro.server;

import cx.niro.core.ClusterId;
import cx.niro.core.Environment;
import cx.niro.core.OrganizationId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes, changes and deletes clusters. All calls block, are safe from any thread and write one
 * transaction; {@code actor} is the name of whoever asked, for the timeline. A cluster that does
 * not exist is {@link cx.niro.core.InvalidRequestException} with code {@code not_found}.
 */
public interface Clusters {
  /** A new pending cluster and its enrollment token, which is shown this once. */
  NewCluster create(OrganizationId organization, ClusterSpec spec, String actor);

  /** Changes what {@code change} names and leaves the rest. */
  void update(ClusterId id, ClusterChange change, String actor);

  /**
   * A new enrollment token; the old one dies. {@code takeOver} lets it enroll a cluster whose agent
   * still works.
   */
  NewToken newToken(ClusterId id, boolean takeOver, String actor);

  /**
   * Asks the cluster's agent, with its next heartbeat, to replace its key by a new one; the
   * timeline says when it has. Asking again asks for one that is newer still.
   *
   * @throws cx.niro.core.InvalidRequestException {@code agent_duplicate} while two agents use the
   *     key: either could get the new one. A token that may take over tells them apart
   */
  void rotateKey(ClusterId id, String actor);

  /**
   * Deletes the cluster, revokes its keys on every replica within 1 s, ends its parked poll and
   * cancels its commands.
   */
  void delete(ClusterId id, String actor);

  /**
   * What a user says of a cluster.
   *
   * @param name 1 to 100 visible characters, unique within the organization
   */
  record ClusterSpec(String name, Environment environment, Map<String, String> labels) {
    public ClusterSpec {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * What to change; null leaves as it is. Seconds are at least four heartbeat intervals and at most
   * a week; 0 goes back to the server's setting.
   */
  record ClusterChange(
      @Nullable String name,
      @Nullable Environment environment,
      @Nullable Map<String, String> labels,
      @Nullable Integer unknownAfterSeconds,
      @Nullable Integer offlineAfterSeconds) {}

  /** A cluster just made. */
  record NewCluster(ClusterId id, NewToken enrollment) {}

  /** A token in clear text and when it ends. */
  record NewToken(String token, Instant expiresAt) {
    /** Names no secret. */
    @Override
    public String toString() {
      return "NewToken(until " + expiresAt + ")";
    }
  }
}
