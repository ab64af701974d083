package cx.niro.core.snapshot;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pod or a pod template asks for; absent is neither false nor zero.
 *
 * @param requests of the pod as a whole, beside those of its containers
 * @param limits of the pod as a whole
 * @param annotations of a template, chosen as those of {@link ObjectMeta}; empty for a pod, which
 *     has them there
 */
public record PodSpec(
    @Nullable String restartPolicy,
    @Nullable String serviceAccountName,
    @Nullable Boolean automountServiceAccountToken,
    @Nullable Host host,
    @Nullable String osName,
    @Nullable String runtimeClassName,
    @Nullable String priorityClassName,
    @Nullable Integer priority,
    List<String> imagePullSecrets,
    @Nullable Boolean serviceAccountPullSecretsPresent,
    @Nullable Scheduling scheduling,
    @Nullable Long terminationGracePeriodSeconds,
    @Nullable Resources overhead,
    @Nullable PodSecurityContext securityContext,
    List<Volume> volumes,
    List<Container> initContainers,
    List<Container> containers,
    List<Container> ephemeralContainers,
    @Nullable Resources requests,
    @Nullable Resources limits,
    Map<String, String> annotations) {

  public PodSpec {
    imagePullSecrets = Copy.list(imagePullSecrets);
    volumes = Copy.list(volumes);
    initContainers = Copy.list(initContainers);
    containers = Copy.list(containers);
    ephemeralContainers = Copy.list(ephemeralContainers);
    annotations = Copy.map(annotations);
  }

  /**
   * Which namespaces of the host the pod shares; {@code users} false means a user namespace of its
   * own.
   */
  public record Host(
      @Nullable Boolean network,
      @Nullable Boolean pid,
      @Nullable Boolean ipc,
      @Nullable Boolean users) {}

  /**
   * What bears on where the pod may run, as counts and flags.
   *
   * @param antiAffinityHostname {@code none}, {@code preferred} or {@code required}
   */
  public record Scheduling(
      @Nullable Integer gates,
      @Nullable Integer readinessGates,
      @Nullable Boolean nodeSelectorPresent,
      @Nullable Integer tolerations,
      @Nullable Integer topologySpreadConstraints,
      @Nullable String antiAffinityHostname) {}

  /** A volume; {@code type} is the API's source name, or {@code none} when no source is set. */
  public record Volume(
      String name,
      String type,
      @Nullable @Text(max = 128) String hostPath,
      @Nullable String hostPathType,
      @Nullable String claimName) {}
}
