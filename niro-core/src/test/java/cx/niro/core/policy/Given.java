package cx.niro.core.policy;

import cx.niro.core.Environment;
import cx.niro.core.incident.Scope;
import cx.niro.core.snapshot.ClusterSnapshot;
import cx.niro.core.snapshot.Pod;
import cx.niro.core.snapshot.Resource;
import cx.niro.core.snapshot.Workload;
import cx.niro.core.testkit.Clusters;

/** What the tests of the engine start from. */
final class Given {
  static final PolicyEngine ENGINE = PolicyEngine.standard();
  static final PolicyContext STAGING = PolicyContext.of(Environment.STAGING);
  static final PolicyContext RESTRICTED = STAGING.with(PolicyProfile.RESTRICTED);
  static final String WEB = "ns/shop/Deployment/web";
  static final String PRIVILEGED =
      "{'containers': [{'name': 'app', 'securityContext': {'privileged': true}}]}";
  static final String PLAIN = "{'containers': [{'name': 'app'}]}";
  static final String HOST_PATH =
      "{'volumes': [{'name': 'v', 'type': 'hostPath'}], 'containers': [{'name': 'app'}]}";

  private Given() {}

  static String state(String rule, String scope, PolicyContext context, Resource... objects) {
    return result(rule, scope, context, Clusters.of(objects)).state().wireName();
  }

  static PolicyResult result(
      String rule, String scope, PolicyContext context, ClusterSnapshot snapshot) {
    return ENGINE.evaluate(snapshot, context).result(new PolicyId(rule), new Scope(scope));
  }

  static Pod pod(String name, String meta, String spec, String phase) {
    return Clusters.read(
        Pod.class,
        "{'meta': {'uid': '%s', 'namespace': 'shop', 'name': '%s'%s}, 'spec': %s, 'status': {'phase': '%s'}}"
            .formatted(name, name, meta, spec, phase));
  }

  static String owned(String kind, String name, long createdAt) {
    return ", 'createdAt': %d, 'owner': {'kind': '%s', 'name': '%s'}"
        .formatted(createdAt, kind, name);
  }

  static Workload bare(String kind) {
    return Clusters.read(
        Workload.class,
        "{'meta': {'uid': 'u', 'namespace': 'shop', 'name': 'web'}, 'kind': '%s'}".formatted(kind));
  }

  static Workload annotated(String annotations, String template) {
    return Clusters.read(
        Workload.class,
        "{'meta': {'uid': 'u', 'namespace': 'shop', 'name': 'web', 'annotations': {%s}}, 'kind': 'Deployment', 'templateHash': 'h', 'template': %s}"
            .formatted(annotations, template));
  }

  static PolicyRule rule(String id) {
    return ENGINE.rules().stream()
        .filter(one -> one.spec().id().value().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
