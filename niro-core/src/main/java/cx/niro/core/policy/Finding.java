package cx.niro.core.policy;

import cx.niro.core.ClusterId;
import cx.niro.core.Severity;
import cx.niro.core.incident.Fingerprint;
import cx.niro.core.incident.Scope;
import cx.niro.core.incident.Symptom;
import java.util.List;
import java.util.Map;

/**
 * A workload that breaks a rule: one for each workload and rule, however many pods it has. It
 * advises and blocks nothing.
 *
 * @param symptom severity, message and evidence, bounded as those of incidents are
 * @param fix what to do about it, one sentence
 */
public record Finding(PolicyId rule, Scope scope, Symptom symptom, String fix) {

  public Severity severity() {
    return symptom.severity();
  }

  /** What is wrong, one sentence. */
  public String message() {
    return symptom.summary();
  }

  public Map<String, List<String>> evidence() {
    return symptom.evidence();
  }

  /** Names it in the fleet, the same as long as cluster, rule and workload are. */
  public Fingerprint fingerprint(ClusterId cluster) {
    return Fingerprint.ofFinding(cluster, rule.value(), scope);
  }
}
