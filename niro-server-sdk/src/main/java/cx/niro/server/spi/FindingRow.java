package cx.niro.server.spi;

import cx.niro.core.ClusterId;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.policy.Finding;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A workload that breaks a policy now; there is none of what is over.
 *
 * @param since when it appeared, or was exempted
 * @param exemption the reason why it is right all the same; null while it is open
 */
public record FindingRow(
    ClusterId cluster,
    Fingerprint fingerprint,
    Finding finding,
    Instant since,
    @Nullable String exemption) {

  public boolean isExempt() {
    return exemption != null;
  }

  /** How early it is listed: open ones by severity, then exempt ones. */
  public int rank() {
    return isExempt() ? 0 : RankedPlace.rankOf(finding.severity());
  }

  /** The namespace of the workload; empty where the scope names none. */
  public String namespace() {
    String[] parts = finding.scope().value().split("/", 3);
    return parts.length == 3 && parts[0].equals("ns") ? parts[1] : "";
  }
}
