package cx.niro.core.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The security context of a pod; the record's presence says that the pod has one. */
public record PodSecurityContext(
    @Nullable Long runAsUser,
    @Nullable Long runAsGroup,
    @Nullable Boolean runAsNonRoot,
    @Nullable Long fsGroup,
    @Nullable String seccompProfileType,
    @Nullable String appArmorProfileType,
    @Nullable SeLinuxOptions seLinuxOptions,
    List<String> sysctls,
    @Nullable Boolean windowsHostProcess) {

  public PodSecurityContext {
    sysctls = Copy.list(sysctls);
  }

  /** SELinux labels; the level is left out because no rule reads it. */
  public record SeLinuxOptions(
      @Nullable String type, @Nullable String user, @Nullable String role) {}
}
