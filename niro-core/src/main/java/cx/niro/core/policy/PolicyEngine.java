package cx.niro.core.policy;

import cx.niro.core.policy.PolicySubject.Look;
import cx.niro.core.policy.rules.StandardPolicies;
import cx.niro.core.snapshot.ClusterSnapshot;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Judges every workload of a cluster by every policy: a pure function over rules; safe from any
 * thread. Evaluate when content changed, when what people said of the cluster changed (environment,
 * profile, exemptions), and when {@link PolicyEvaluation#recheckAfter} is over; {@link
 * FindingChanges} makes of the result what to store and tell.
 *
 * <p>An evaluation asks each rule about each workload once, whatever the number of its pods, so its
 * cost is that of workloads times rules, plus one look at each pod. With the previous evaluation at
 * hand a {@link TemplateRule} is not asked again about a workload whose {@code templateHash} is
 * still the same. Keeping one costs about 2 kB for each workload, at most {@link #MAX_SUBJECTS} of
 * them; it is no more than a cache and need not survive a restart.
 */
public final class PolicyEngine {
  /** The newest Kubernetes 1.x whose Pod Security Standards are known here. */
  public static final int LATEST_MINOR = 37;

  /** Workloads of one cluster; beyond, by the order of their names, nothing is judged. */
  public static final int MAX_SUBJECTS = 2_000;

  private static final Pattern VERSION = Pattern.compile("v?1\\.(\\d{1,3})(\\D.*)?");

  private final RuleSet rules;
  private final boolean readsStatus;
  private final BiConsumer<PolicyRule, RuntimeException> failures;

  private PolicyEngine(List<PolicyRule> rules, BiConsumer<PolicyRule, RuntimeException> failures) {
    this.rules = new RuleSet(rules);
    this.readsStatus = this.rules.readsStatus();
    this.failures = failures;
  }

  /** An engine with the rules that Niro brings. */
  public static PolicyEngine standard() {
    return of(StandardPolicies.all());
  }

  /** An engine with these rules, one for each id; it logs the first failure of each. */
  public static PolicyEngine of(List<PolicyRule> rules) {
    return of(rules, new FirstFailures());
  }

  /**
   * The same, telling {@code failures} about each exception of a rule, on the evaluating thread.
   */
  public static PolicyEngine of(
      List<PolicyRule> rules, BiConsumer<PolicyRule, RuntimeException> failures) {
    return new PolicyEngine(rules, failures);
  }

  /** The rules, in the order in which they are asked. */
  public List<PolicyRule> rules() {
    return rules.all();
  }

  /**
   * Whether some rule might judge by {@code now} otherwise than by {@code before}. No when only
   * what controllers and kubelets say has changed, such as that a pod crashed, unless some rule
   * {@linkplain PolicyRule#readsStatus reads} that. Costs little where a delta made the one of the
   * other.
   */
  public boolean heeds(ClusterSnapshot before, ClusterSnapshot now) {
    return readsStatus ? !before.equals(now) : !Wishes.same(before, now);
  }

  /** One evaluation from nothing. */
  public PolicyEvaluation evaluate(ClusterSnapshot snapshot, PolicyContext context) {
    return evaluate(snapshot, context, null);
  }

  /**
   * One evaluation, with the same result as from nothing.
   *
   * @param previous of the same cluster; one of another engine or for another version of Kubernetes
   *     is not used
   */
  public PolicyEvaluation evaluate(
      ClusterSnapshot snapshot, PolicyContext context, @Nullable PolicyEvaluation previous) {
    PolicyContext timeless = context.at(null);
    if (previous != null && previous.timeless().equals(timeless)) {
      timeless = previous.timeless();
    }
    Look look = new Look(snapshot, context, timeless, minor(snapshot, context));
    Map<WorkloadName, Row> known =
        previous == null ? Map.of() : previous.reusable(rules, look.kubernetesMinor());
    List<PolicySubject> subjects = Subjects.of(look, known);
    Map<WorkloadName, Row> rows = new LinkedHashMap<>();
    for (PolicySubject subject : subjects) {
      if (rows.size() == MAX_SUBJECTS) {
        break;
      }
      WorkloadName name = subject.name();
      rows.put(name, Row.of(rules, subject, known.get(name), failures));
    }
    return new PolicyEvaluation(rules, look, rows, subjects.size() <= MAX_SUBJECTS);
  }

  private static int minor(ClusterSnapshot snapshot, PolicyContext context) {
    if (context.kubernetesMinor() != null) {
      return context.kubernetesMinor();
    }
    String version = snapshot.info().kubernetesVersion();
    Matcher matcher = VERSION.matcher(version == null ? "" : version);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : LATEST_MINOR;
  }

  private static final class FirstFailures implements BiConsumer<PolicyRule, RuntimeException> {
    private final System.Logger log = System.getLogger(PolicyEngine.class.getName());
    private final Set<PolicyId> seen = ConcurrentHashMap.newKeySet();

    @Override
    public void accept(PolicyRule rule, RuntimeException failure) {
      if (seen.add(rule.spec().id())) {
        log.log(Level.WARNING, "policy " + rule.spec().id() + " failed", failure);
      }
    }
  }
}
