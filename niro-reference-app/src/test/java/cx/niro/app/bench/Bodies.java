package cx.niro.app.bench;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The JSON texts that are sent. */
final class Bodies {
  private Bodies() {}

  static String enroll(BenchCluster cluster, String requestId) {
    return """
    {"token":"%s","requestId":"%s","kubeSystemUid":"%s","kubernetesVersion":"v1.34.1+k3s1",
     "distribution":"k3s","agentVersion":"0.1.0","protocolVersions":[1],"features":[]}\
    """
        .formatted(cluster.token, requestId, cluster.kubeSystemUid());
  }

  /** A full beat of a cluster in which so many workloads have a pod that crashes at first sight. */
  static String beat(BenchCluster cluster, long now) {
    String pods =
        IntStream.range(0, cluster.sickWorkloads)
            .mapToObj(i -> crashingPod(cluster.name, i, now))
            .collect(Collectors.joining(","));
    return """
    {"bootId":"%s","sequence":%d,"timing":{"sentAt":%d},
     "content":{"form":"full","revision":%d,"snapshot":{
      "info":{"agentVersion":"0.1.0","distribution":"k3s","capabilities":["pods","bench.note"]},
      "sections":{"pods":{"state":"complete"}},"objects":{"pods":[%s]}}}}\
    """
        .formatted(cluster.bootId(), cluster.sequence, now, cluster.sequence, pods);
  }

  private static String crashingPod(String cluster, int number, long now) {
    String owner =
        "{\"kind\":\"Deployment\",\"name\":\"job-%d\",\"uid\":\"%s-d-%d\"}"
            .formatted(number, cluster, number);
    return """
    {"meta":{"uid":"%s-p-%d","namespace":"shop","name":"job-%d-x","createdAt":%d,
      "owner":%s,"rootOwner":%s},
     "status":{"phase":"Running","containers":[{"name":"app","ready":false,"restartCount":7,
      "waiting":{"reason":"CrashLoopBackOff"},
      "lastTerminated":{"reason":"Error","exitCode":1,"startedAt":%d,"finishedAt":%d}}]}}\
    """
        .formatted(
            cluster, number, number, now - 3_600_000, owner, owner, now - 40_000, now - 30_000);
  }

  static String command(String idempotencyKey) {
    return """
    {"kind":"bench.note","payload":{"text":"%s"},"deadlineSeconds":86400,
     "idempotencyKey":"%s"}\
    """
        .formatted(idempotencyKey, idempotencyKey);
  }

  static String poll(BenchCluster cluster, int slots) {
    return "{\"bootId\":\"%s\",\"waitSeconds\":0,\"slots\":%d,\"holding\":[]}"
        .formatted(cluster.bootId(), slots);
  }

  static String result(BenchCluster cluster, long attempt, String state) {
    return "{\"bootId\":\"%s\",\"attempt\":%d,\"state\":\"%s\",\"reason\":\"done\"}"
        .formatted(cluster.bootId(), attempt, state);
  }

  static String settings(int number) {
    return "{\"labels\":{\"bench\":\"%d\"}}".formatted(number);
  }
}
