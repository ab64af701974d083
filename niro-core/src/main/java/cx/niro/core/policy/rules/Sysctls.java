package cx.niro.core.policy.rules;

import cx.niro.core.policy.PodTemplate;
import cx.niro.core.policy.PolicyVerdict;
import cx.niro.core.snapshot.PodSecurityContext;
import java.util.List;
import java.util.Map;

/** Kernel parameters that a pod may set, by the first Kubernetes 1.x that calls them safe. */
final class Sysctls {
  private static final Map<String, Integer> SAFE_SINCE =
      Map.ofEntries(
          Map.entry("kernel.shm_rmid_forced", 0),
          Map.entry("net.ipv4.ip_local_port_range", 0),
          Map.entry("net.ipv4.tcp_syncookies", 0),
          Map.entry("net.ipv4.ping_group_range", 0),
          Map.entry("net.ipv4.ip_unprivileged_port_start", 0),
          Map.entry("net.ipv4.ip_local_reserved_ports", 27),
          Map.entry("net.ipv4.tcp_keepalive_time", 29),
          Map.entry("net.ipv4.tcp_fin_timeout", 29),
          Map.entry("net.ipv4.tcp_keepalive_intvl", 29),
          Map.entry("net.ipv4.tcp_keepalive_probes", 29),
          Map.entry("net.ipv4.tcp_rmem", 32),
          Map.entry("net.ipv4.tcp_wmem", 32),
          Map.entry("net.ipv4.tcp_slow_start_after_idle", 37),
          Map.entry("net.ipv4.tcp_notsent_lowat", 37));

  private Sysctls() {}

  static PolicyVerdict judge(PodTemplate template) {
    PodSecurityContext context = template.spec().securityContext();
    List<String> set = context == null ? List.of() : context.sysctls();
    List<String> unsafe =
        set.stream().filter(name -> !isSafe(name, template.kubernetesMinor())).toList();
    return new Broken().by("sysctls", unsafe).verdict("Sets kernel parameters that are not safe");
  }

  private static boolean isSafe(String name, int minor) {
    Integer since = SAFE_SINCE.get(name);
    return since != null && minor >= since;
  }
}
