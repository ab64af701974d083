package cx.niro.server.internal;

import cx.niro.core.Severity;
import cx.niro.server.spi.PolicySettings;
import java.util.Map;

/**
 * What is kept in memory of a cluster's policies: what people said, and how many findings are open.
 */
record HeldPolicies(PolicySettings settings, Map<Severity, Integer> openFindings) {
  static final HeldPolicies NONE = new HeldPolicies(PolicySettings.DEFAULT, Map.of());

  HeldPolicies {
    openFindings = Map.copyOf(openFindings);
  }

  HeldPolicies with(PolicySettings next) {
    return new HeldPolicies(next, openFindings);
  }

  HeldPolicies with(Map<Severity, Integer> open) {
    return new HeldPolicies(settings, open);
  }
}
