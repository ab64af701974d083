package cx.niro.server.internal.rest;

import cx.niro.core.policy.Exemption;
import cx.niro.core.policy.PolicyId;
import cx.niro.server.spi.PolicySettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What people said of a cluster's policies. */
public record PolicyJson(
    String profile, Map<String, String> namespaceProfiles, List<Given> exemptions) {

  public static PolicyJson of(PolicySettings settings) {
    Map<String, String> profiles = new TreeMap<>();
    settings.namespaceProfiles().forEach((name, profile) -> profiles.put(name, profile.wireName()));
    return new PolicyJson(
        settings.profile().wireName(),
        profiles,
        settings.exemptions().stream().map(Given::of).toList());
  }

  /** An exemption, who gave it and when. */
  public record Given(
      @Nullable String namespace,
      @Nullable String workload,
      @Nullable String label,
      List<String> rules,
      String reason,
      String createdBy,
      Instant createdAt) {
    static Given of(PolicySettings.Given given) {
      Exemption exemption = given.exemption();
      return new Given(
          exemption.namespace(),
          exemption.workload(),
          exemption.label(),
          exemption.rules().stream().map(PolicyId::value).sorted().toList(),
          exemption.reason(),
          given.createdBy(),
          given.createdAt());
    }
  }
}
