package cx.niro.app.bench;

import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Others who write to managed objects as they do in real clusters, and never cause drift. */
final class Noise {
  private static final String HPA = "kube-controller-manager";

  private final AtomicInteger scaled = new AtomicInteger();
  private final AtomicInteger annotated = new AtomicInteger();
  private final AtomicInteger churned = new AtomicInteger();
  private final KubeClient cluster;
  private final String apps;
  private final String core;
  private final List<String> failures;

  Noise(KubeClient cluster, String namespace, List<String> failures) {
    this.cluster = cluster;
    this.apps = "/apis/apps/v1/namespaces/" + namespace + "/deployments/";
    this.core = "/api/v1/namespaces/" + namespace + "/";
    this.failures = failures;
  }

  void start(ScheduledExecutorService threads) {
    every(threads, 60, this::scale);
    every(threads, 5, this::annotate);
    every(threads, 3, this::churn);
  }

  private interface Write {
    void run() throws Exception;
  }

  private void every(ScheduledExecutorService threads, int seconds, Write write) {
    threads.scheduleAtFixedRate(
        () -> {
          try {
            write.run();
          } catch (Exception e) {
            failures.add(String.valueOf(e.getMessage()));
          }
        },
        seconds,
        seconds,
        TimeUnit.SECONDS);
  }

  private void scale() throws Exception {
    int replicas = 2 + scaled.incrementAndGet() % 5;
    cluster.patch(HPA, apps + "web/scale", "{'spec':{'replicas':%d}}".formatted(replicas));
  }

  private void annotate() throws Exception {
    String meta =
        "{'metadata':{'annotations':{'audit.example.com/checked':'%d'}}}"
            .formatted(annotated.incrementAndGet());
    cluster.patch("annotator", apps + "worker", meta);
    cluster.patch("annotator", core + "configmaps/c-1", meta);
    cluster.patch("annotator", core + "services/web", meta);
  }

  private void churn() throws Exception {
    String status =
        "{'status':{'conditions':[{'type':'Available','status':'False','reason':'Churn','message':'round %d'}]}}"
            .formatted(churned.incrementAndGet());
    cluster.patch("churner", apps + "web/status", status);
    cluster.patch("churner", apps + "worker/status", status);
  }

  @Override
  public String toString() {
    return "%d times scaled, %d times annotated (3 objects), %d times status written (2 objects)"
        .formatted(scaled.get(), annotated.get(), churned.get());
  }
}
