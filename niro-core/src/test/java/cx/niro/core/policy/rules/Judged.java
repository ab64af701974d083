package cx.niro.core.policy.rules;

import cx.niro.core.Environment;
import cx.niro.core.Severity;
import cx.niro.core.incident.Scope;
import cx.niro.core.policy.Finding;
import cx.niro.core.policy.PolicyContext;
import cx.niro.core.policy.PolicyEngine;
import cx.niro.core.policy.PolicyEvaluation;
import cx.niro.core.policy.PolicyId;
import cx.niro.core.policy.PolicyResult;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.testkit.Clusters;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** One rule's word on one workload, for tests. */
final class Judged {
  static final PolicyEngine ENGINE = PolicyEngine.standard();
  static final String WEB = "ns/shop/Deployment/web";

  private final String rule;
  private final ClusterSnapshot snapshot;
  private final PolicyContext context;

  private Judged(String rule, ClusterSnapshot snapshot, PolicyContext context) {
    this.rule = rule;
    this.snapshot = snapshot;
    this.context = context;
  }

  /** A rule on Deployment shop/web with this template, in staging. */
  static Judged template(String rule, String template) {
    return by(rule, Clusters.of(Clusters.deployment(template)));
  }

  static Judged by(String rule, ClusterSnapshot snapshot) {
    return new Judged(rule, snapshot, PolicyContext.of(Environment.STAGING));
  }

  Judged under(PolicyContext other) {
    return new Judged(rule, snapshot, other);
  }

  Judged kubernetes(int minor) {
    return under(context.kubernetes(minor));
  }

  PolicyResult on(String scope) {
    PolicyEvaluation evaluation = ENGINE.evaluate(snapshot, context);
    return evaluation.result(new PolicyId(rule), new Scope(scope));
  }

  /** {@code pass}, {@code fail}, … of Deployment shop/web. */
  String state() {
    return on(WEB).state().wireName();
  }

  Finding finding() {
    return Objects.requireNonNull(on(WEB).finding());
  }

  Map<String, List<String>> evidence() {
    return finding().evidence();
  }

  /** Of dev, staging and production. */
  List<Severity> severities() {
    return Stream.of(Environment.DEV, Environment.STAGING, Environment.PRODUCTION)
        .map(
            environment ->
                new Judged(
                        rule,
                        snapshot,
                        new PolicyContext(
                            environment,
                            context.profile(),
                            context.namespaceProfiles(),
                            context.kubernetesMinor(),
                            context.exemptions(),
                            context.manifests(),
                            context.clusterNow()))
                    .finding()
                    .severity())
        .toList();
  }
}
