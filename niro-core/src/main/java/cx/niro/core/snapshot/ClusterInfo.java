package cx.niro.core.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is true of the cluster and its agent as a whole; every field may be absent.
 *
 * @param kubeSystemUid uid of the namespace {@code kube-system}: a hint for finding twins, never a
 *     credential
 * @param distribution for example {@code k3s}
 * @param api how the agent's own calls to the API server go
 * @param managed the managed deployments whose objects the agent watches
 */
public record ClusterInfo(
    @Nullable String agentVersion,
    @Nullable String kubernetesVersion,
    @Nullable String distribution,
    @Nullable String kubeSystemUid,
    @Nullable Long agentStartedAt,
    Capabilities capabilities,
    @Nullable ApiHealth api,
    List<ManagedMark> managed) {

  /**
   * The API server as the agent sees it.
   *
   * @param certificateExpiresAt epoch milliseconds, of the certificate that it showed when the
   *     agent last connected
   */
  public record ApiHealth(
      @Nullable Boolean reachable,
      @Nullable Boolean readyzOk,
      @Nullable Integer consecutiveFailures,
      @Nullable Long certificateExpiresAt) {}

  /** Nothing known, nothing granted. */
  public static final ClusterInfo EMPTY =
      new ClusterInfo(null, null, null, null, null, Capabilities.NONE, null, List.of());

  @SuppressWarnings("ConstantValue")
  public ClusterInfo {
    capabilities = capabilities == null ? Capabilities.NONE : capabilities;
    managed = Copy.list(managed);
  }

  /** Without managed deployments. */
  public ClusterInfo(
      @Nullable String agentVersion,
      @Nullable String kubernetesVersion,
      @Nullable String distribution,
      @Nullable String kubeSystemUid,
      @Nullable Long agentStartedAt,
      Capabilities capabilities,
      @Nullable ApiHealth api) {
    this(
        agentVersion,
        kubernetesVersion,
        distribution,
        kubeSystemUid,
        agentStartedAt,
        capabilities,
        api,
        List.of());
  }

  /** The same with these capabilities. */
  public ClusterInfo withCapabilities(Capabilities now) {
    return new ClusterInfo(
        agentVersion,
        kubernetesVersion,
        distribution,
        kubeSystemUid,
        agentStartedAt,
        now,
        api,
        managed);
  }

  /** The same with these managed deployments. */
  public ClusterInfo withManaged(List<ManagedMark> marks) {
    return new ClusterInfo(
        agentVersion,
        kubernetesVersion,
        distribution,
        kubeSystemUid,
        agentStartedAt,
        capabilities,
        api,
        marks);
  }
}
