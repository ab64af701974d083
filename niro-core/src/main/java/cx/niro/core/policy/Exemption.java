package cx.niro.core.policy;

import cx.niro.core.snapshot.ObjectMeta;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says that some workloads may break some rules, and why. The finding is kept as exempt, with the
 * reason. A workload can also carry its own: annotation {@link #ANNOTATION_PREFIX} plus the rule's
 * id, on itself or on its pod template, with the reason as value; an empty one exempts nothing.
 *
 * @param namespace null for any
 * @param workload name of the workload, with {@code *} at its end for a prefix; null for any
 * @param label a label that the workload has, whatever its value; null for any
 * @param rules empty for all
 * @param reason for people, not blank
 */
public record Exemption(
    @Nullable String namespace,
    @Nullable String workload,
    @Nullable String label,
    Set<PolicyId> rules,
    String reason) {

  /** An annotation of this name and a rule's id exempts its object from the rule. */
  public static final String ANNOTATION_PREFIX = "niro.cx/exempt-";

  /**
   * What a cluster brings along and its user does not write: the namespaces of Kubernetes, Rancher,
   * k3s' local path storage and this agent, k3s' load balancer pods (host ports, NET_ADMIN and a
   * sysctl by design), and the Jobs that install Helm charts (no requests by design).
   */
  public static final List<Exemption> DEFAULTS =
      List.of(
          namespace("kube-system", "part of Kubernetes"),
          namespace("kube-public", "part of Kubernetes"),
          namespace("kube-node-lease", "part of Kubernetes"),
          namespace("cattle-system", "part of Rancher"),
          namespace("cattle-fleet-system", "part of Rancher"),
          namespace("system-upgrade", "part of the system upgrade controller"),
          namespace("local-path-storage", "part of the local path provisioner"),
          namespace("niro-system", "the agent itself"),
          label("svccontroller.k3s.cattle.io/svcname", "a k3s load balancer, made this way"),
          label("helmcharts.helm.cattle.io/chart", "installs a Helm chart, made this way"));

  public Exemption {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("an exemption must have a reason");
    }
    rules = Set.copyOf(rules);
  }

  /** Everything in a namespace. */
  public static Exemption namespace(String namespace, String reason) {
    return new Exemption(namespace, null, null, Set.of(), reason);
  }

  /** Everything with a label. */
  public static Exemption label(String label, String reason) {
    return new Exemption(null, null, label, Set.of(), reason);
  }

  /** One workload, or with {@code *} at the end of its name several. */
  public static Exemption workload(String namespace, String workload, String reason) {
    return new Exemption(namespace, workload, null, Set.of(), reason);
  }

  /** The same, from these rules only. */
  public Exemption from(String... ids) {
    Set<PolicyId> only = Arrays.stream(ids).map(PolicyId::new).collect(Collectors.toSet());
    return new Exemption(namespace, workload, label, only, reason);
  }

  boolean covers(PolicyId rule) {
    return rules.isEmpty() || rules.contains(rule);
  }

  boolean covers(ObjectMeta meta, String name) {
    return (namespace == null || namespace.equals(meta.namespace()))
        && (label == null || meta.labels().containsKey(label))
        && (workload == null || matches(workload, name));
  }

  private static boolean matches(String pattern, String name) {
    return pattern.endsWith("*")
        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
        : name.equals(pattern);
  }
}
