package cx.niro.agent.testkit;

import java.util.List;

/** Where the objects of a kind live. */
record FakeKind(String kind, String collection, boolean namespaced) {
  private static final List<FakeKind> ALL =
      List.of(
          cluster("Node", "/api/v1/nodes"),
          cluster("Namespace", "/api/v1/namespaces"),
          namespaced("Pod", "/api/v1/pods"),
          namespaced("Event", "/api/v1/events"),
          namespaced("Secret", "/api/v1/secrets"),
          namespaced("ConfigMap", "/api/v1/configmaps"),
          namespaced("Service", "/api/v1/services"),
          namespaced("ServiceAccount", "/api/v1/serviceaccounts"),
          namespaced("PersistentVolumeClaim", "/api/v1/persistentvolumeclaims"),
          namespaced("Deployment", "/apis/apps/v1/deployments"),
          namespaced("StatefulSet", "/apis/apps/v1/statefulsets"),
          namespaced("DaemonSet", "/apis/apps/v1/daemonsets"),
          namespaced("ReplicaSet", "/apis/apps/v1/replicasets"),
          namespaced("Job", "/apis/batch/v1/jobs"),
          namespaced("CronJob", "/apis/batch/v1/cronjobs"),
          namespaced("HorizontalPodAutoscaler", "/apis/autoscaling/v2/horizontalpodautoscalers"),
          cluster("NodeMetrics", "/apis/metrics.k8s.io/v1beta1/nodes"),
          namespaced("PodMetrics", "/apis/metrics.k8s.io/v1beta1/pods"));

  static List<FakeKind> all() {
    return ALL;
  }

  private static FakeKind cluster(String kind, String collection) {
    return new FakeKind(kind, collection, false);
  }

  private static FakeKind namespaced(String kind, String collection) {
    return new FakeKind(kind, collection, true);
  }

  static FakeKind named(String kind) {
    return ALL.stream()
        .filter(candidate -> candidate.kind.equals(kind))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("FakeKubernetes knows no kind " + kind));
  }

  /** The kind whose objects are at {@code collection}; throws when there is none. */
  static FakeKind at(String collection) {
    return ALL.stream()
        .filter(candidate -> candidate.collection.equals(collection))
        .findAny()
        .orElseThrow(() -> FakeFailure.notServed());
  }

  String apiVersion() {
    String parent = collection.substring(1, collection.lastIndexOf('/'));
    return parent.substring(parent.indexOf('/') + 1);
  }
}
