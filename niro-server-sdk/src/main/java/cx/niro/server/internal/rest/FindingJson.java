package cx.niro.server.internal.rest;

import cx.niro.core.policy.Finding;
import cx.niro.server.spi.FindingRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A workload that breaks a policy. */
public record FindingJson(
    String id,
    ClusterJson.Reference cluster,
    String rule,
    String scope,
    String namespace,
    String severity,
    String state,
    String message,
    String fix,
    Map<String, List<String>> evidence,
    Instant since,
    @Nullable String exemption) {
  public static final String OPEN = "open";
  public static final String EXEMPT = "exempt";

  public static FindingJson of(FindingRow row, ClusterJson.Reference cluster) {
    Finding finding = row.finding();
    return new FindingJson(
        row.fingerprint().value(),
        cluster,
        finding.rule().value(),
        finding.scope().value(),
        row.namespace(),
        finding.severity().wireName(),
        row.isExempt() ? EXEMPT : OPEN,
        finding.message(),
        finding.fix(),
        finding.evidence(),
        row.since(),
        row.exemption());
  }
}
