package cx.niro.core.policy;

import cx.niro.core.Environment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What people said about a cluster, as far as policies go by it. {@link #of} gives the profile
 * {@link PolicyProfile#BASELINE} and the {@link Exemption#DEFAULTS default exemptions}.
 *
 * @param environment what the cluster is for; it makes the severity
 * @param profile of namespaces that have none of their own
 * @param namespaceProfiles by namespace
 * @param kubernetesMinor the version 1.x that the Pod Security Standards are read for; null for the
 *     cluster's own, and the newest known where that is not reported
 * @param exemptions the first that fits gives the reason
 * @param manifests whether the objects were read from files: they are all there is, and there are
 *     no nodes
 * @param clusterNow the cluster's clock at the moment of the snapshot, for rules that spare what is
 *     young; null to spare nothing
 */
public record PolicyContext(
    Environment environment,
    PolicyProfile profile,
    Map<String, PolicyProfile> namespaceProfiles,
    @Nullable Integer kubernetesMinor,
    List<Exemption> exemptions,
    boolean manifests,
    @Nullable Instant clusterNow) {

  public PolicyContext {
    namespaceProfiles = Map.copyOf(namespaceProfiles);
    exemptions = List.copyOf(exemptions);
  }

  /** The defaults for a cluster of this environment. */
  public static PolicyContext of(Environment environment) {
    return new PolicyContext(
        environment, PolicyProfile.BASELINE, Map.of(), null, Exemption.DEFAULTS, false, null);
  }

  /** The same for another profile. */
  public PolicyContext with(PolicyProfile other) {
    return new PolicyContext(
        environment, other, namespaceProfiles, kubernetesMinor, exemptions, manifests, clusterNow);
  }

  /** The same with another profile for one namespace. */
  public PolicyContext with(String namespace, PolicyProfile other) {
    Map<String, PolicyProfile> all = new HashMap<>(namespaceProfiles);
    all.put(namespace, other);
    return new PolicyContext(
        environment, profile, all, kubernetesMinor, exemptions, manifests, clusterNow);
  }

  /** The same with exactly these exemptions; {@link Exemption#DEFAULTS} are not added. */
  public PolicyContext with(List<Exemption> only) {
    return new PolicyContext(
        environment, profile, namespaceProfiles, kubernetesMinor, only, manifests, clusterNow);
  }

  /** The same with one more exemption. */
  public PolicyContext with(Exemption one) {
    List<Exemption> all = new ArrayList<>(exemptions);
    all.add(one);
    return with(all);
  }

  /** The same, read for Kubernetes 1.{@code minor}. */
  public PolicyContext kubernetes(int minor) {
    return new PolicyContext(
        environment, profile, namespaceProfiles, minor, exemptions, manifests, clusterNow);
  }

  /** The same for objects from files. */
  public PolicyContext forManifests() {
    return new PolicyContext(
        environment, profile, namespaceProfiles, kubernetesMinor, exemptions, true, clusterNow);
  }

  /** The same at an instant of the cluster's clock. */
  public PolicyContext at(@Nullable Instant now) {
    return new PolicyContext(
        environment, profile, namespaceProfiles, kubernetesMinor, exemptions, manifests, now);
  }

  PolicyProfile profileOf(@Nullable String namespace) {
    return namespace == null ? profile : namespaceProfiles.getOrDefault(namespace, profile);
  }
}
