package cx.niro.core.snapshot;

import cx.niro.core.snapshot.PodSecurityContext.SeLinuxOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container asks for. Environment values never leave the cluster; only names that look like
 * secrets do.
 */
public record Container(
    String name,
    @Nullable @Text(max = 512) String image,
    @Nullable String imagePullPolicy,
    @Nullable String restartPolicy,
    @Nullable Resources requests,
    @Nullable Resources limits,
    List<Port> ports,
    @Nullable Probe livenessProbe,
    @Nullable Probe readinessProbe,
    @Nullable Probe startupProbe,
    @Nullable Handler postStart,
    @Nullable Handler preStop,
    List<VolumeMount> volumeMounts,
    @Nullable Env env,
    @Nullable SecurityContext securityContext) {

  public Container {
    ports = Copy.list(ports);
    volumeMounts = Copy.list(volumeMounts);
  }

  /** A declared port. */
  public record Port(
      @Nullable String name,
      @Nullable Integer containerPort,
      @Nullable Integer hostPort,
      @Nullable String protocol) {}

  /**
   * A probe; {@code handler} is {@code http tcp grpc} or {@code exec}, {@code port} a number or a
   * port's name.
   */
  public record Probe(
      @Nullable String handler,
      @Nullable String port,
      @Nullable String host,
      @Nullable String pathHash,
      @Nullable Integer initialDelaySeconds,
      @Nullable Integer periodSeconds,
      @Nullable Integer timeoutSeconds,
      @Nullable Integer failureThreshold,
      @Nullable Integer successThreshold) {}

  /** A life cycle hook. */
  public record Handler(@Nullable String handler, @Nullable String host) {}

  /** Where a hostPath volume is mounted; other volumes are left out. */
  public record VolumeMount(
      String volume, @Nullable Boolean readOnly, @Nullable @Text(max = 128) String mountPath) {}

  /** Names of literal variables that look like secrets, and whether secrets are referred to. */
  public record Env(
      List<String> plainSecretNames,
      @Nullable Integer secretKeyRefCount,
      @Nullable Boolean envFromSecret) {
    public Env {
      plainSecretNames = Copy.list(plainSecretNames);
    }
  }

  /** The security context of a container; capabilities keep the case in which they were written. */
  public record SecurityContext(
      @Nullable Boolean privileged,
      @Nullable Boolean allowPrivilegeEscalation,
      @Nullable Boolean readOnlyRootFilesystem,
      @Nullable Long runAsUser,
      @Nullable Long runAsGroup,
      @Nullable Boolean runAsNonRoot,
      List<String> capabilitiesAdd,
      List<String> capabilitiesDrop,
      @Nullable String procMount,
      @Nullable String seccompProfileType,
      @Nullable String appArmorProfileType,
      @Nullable SeLinuxOptions seLinuxOptions,
      @Nullable Boolean windowsHostProcess) {
    public SecurityContext {
      capabilitiesAdd = Copy.list(capabilitiesAdd);
      capabilitiesDrop = Copy.list(capabilitiesDrop);
    }
  }
}
