package cx.niro.server.spi;

import cx.niro.core.Environment;
import cx.niro.core.policy.Exemption;
import cx.niro.core.policy.PolicyContext;
import cx.niro.core.policy.PolicyProfile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What people said of a cluster's policies.
 *
 * @param profile of namespaces that have none of their own
 * @param exemptions besides {@link Exemption#DEFAULTS}
 */
public record PolicySettings(
    PolicyProfile profile, Map<String, PolicyProfile> namespaceProfiles, List<Given> exemptions) {
  public static final PolicySettings DEFAULT =
      new PolicySettings(PolicyProfile.BASELINE, Map.of(), List.of());

  public PolicySettings {
    namespaceProfiles = Map.copyOf(namespaceProfiles);
    exemptions = List.copyOf(exemptions);
  }

  /** An exemption, who gave it and when. */
  public record Given(Exemption exemption, String createdBy, Instant createdAt) {}

  /** What policies go by in a cluster of this environment. */
  public PolicyContext context(Environment environment) {
    List<Exemption> all = new ArrayList<>();
    exemptions.forEach(given -> all.add(given.exemption()));
    all.addAll(Exemption.DEFAULTS);
    return new PolicyContext(environment, profile, namespaceProfiles, null, all, false, null);
  }
}
