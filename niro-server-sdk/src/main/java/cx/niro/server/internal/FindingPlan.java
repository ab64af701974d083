package cx.niro.server.internal;

import cx.niro.core.ClusterId;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.policy.Finding;
import cx.niro.core.policy.PolicyEvaluation;
import cx.niro.core.policy.PolicyResult;
import cx.niro.core.policy.PolicyState;
import cx.niro.server.spi.FindingRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an evaluation changes of the findings that are stored; what is unknown stays as it is.
 *
 * @param put new and changed rows
 * @param appeared those of them that were not open before
 * @param cleared what was open before and is not any more, whether it was mended or exempted
 */
record FindingPlan(
    List<FindingRow> put,
    List<Fingerprint> removed,
    List<Finding> appeared,
    List<Finding> cleared) {
  /** Findings of one cluster, exempt ones included; beyond, the mildest are not kept. */
  static final int MOST = 5_000;

  private static final Comparator<PolicyResult> WORST_FIRST =
      Comparator.<PolicyResult, Boolean>comparing(result -> result.state() == PolicyState.EXEMPT)
          .thenComparing(FindingPlan::severityOf, Comparator.reverseOrder());

  static FindingPlan of(
      ClusterId cluster, Collection<FindingRow> stored, PolicyEvaluation evaluation, Instant now) {
    FindingPlan plan =
        new FindingPlan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Map<Fingerprint, FindingRow> before = new HashMap<>();
    stored.forEach(row -> before.put(row.fingerprint(), row));
    evaluation.results().stream()
        .filter(result -> result.finding() != null)
        .sorted(WORST_FIRST)
        .limit(MOST)
        .forEach(result -> plan.wrong(cluster, before, result, now));
    stored.stream()
        .filter(row -> before.containsKey(row.fingerprint()))
        .forEach(row -> plan.over(row, evaluation));
    return plan;
  }

  private static Severity severityOf(PolicyResult result) {
    Finding finding = result.finding();
    return finding == null ? Severity.INFO : finding.severity();
  }

  private void wrong(
      ClusterId cluster, Map<Fingerprint, FindingRow> before, PolicyResult result, Instant now) {
    Finding finding = result.finding();
    if (finding == null) {
      return;
    }
    FindingRow was = before.remove(finding.fingerprint(cluster));
    String exemption = result.state() == PolicyState.EXEMPT ? result.reason() : null;
    boolean wasOpen = was != null && !was.isExempt();
    boolean stays = was != null && was.isExempt() == (exemption != null);
    Instant since = stays && was != null ? was.since() : now;
    FindingRow row =
        new FindingRow(cluster, finding.fingerprint(cluster), finding, since, exemption);
    if (!row.equals(was)) {
      put.add(row);
    }
    if (exemption == null && !wasOpen) {
      appeared.add(finding);
    } else if (exemption != null && wasOpen) {
      cleared.add(finding);
    }
  }

  private void over(FindingRow row, PolicyEvaluation evaluation) {
    PolicyState now = evaluation.result(row.finding().rule(), row.finding().scope()).state();
    if (now == PolicyState.UNKNOWN) {
      return;
    }
    removed.add(row.fingerprint());
    if (!row.isExempt()) {
      cleared.add(row.finding());
    }
  }

  boolean isEmpty() {
    return put.isEmpty() && removed.isEmpty();
  }
}
