package cx.niro.agent.kubernetes;

import cx.niro.agent.testkit.FakeKubernetes;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How many requests a minute an API server sees from an agent of a cluster in which nothing
 * happens. Takes as long as it says: {@code -Dtest=IdleFigures -Dniro.idle.minutes=10}.
 */
@EnabledIfSystemProperty(
    named = "niro.idle.minutes",
    matches = "[0-9]+",
    disabledReason = "measured on demand: -Dniro.idle.minutes=10")
class IdleFigures {
  @ParameterizedTest
  @ValueSource(ints = {60, 1000})
  void requests_a_minute(int pods) throws Exception {
    long minutes = Long.getLong("niro.idle.minutes");
    try (FakeKubernetes server = FakeKubernetes.start()) {
      server.serveMetrics(true);
      for (int i = 0; i < pods; i++) {
        server.put(
            "{'kind':'Pod','metadata':{'name':'pod-%d'},'spec':{'containers':[{'name':'app','image':'x'}]}}"
                .formatted(i));
      }
      try (KubernetesInventory inventory =
          KubernetesInventory.of(
              TestCluster.client(server.kubeconfig()), Grants.DEFAULT, "niro-system")) {
        inventory.collect();
        int first = server.requests().size();
        server.clearRequests();
        for (long second = 0; second < minutes * 60; second += 15) {
          Thread.sleep(Duration.ofSeconds(15).toMillis());
          inventory.collect();
        }
        Map<String, Long> byKind =
            server.requests().stream()
                .collect(
                    Collectors.groupingBy(
                        request -> request.verb() + " " + request.path(),
                        TreeMap::new,
                        Collectors.counting()));
        System.out.printf(
            "%d pods: %d requests to start, then %.1f a minute: %s%n",
            pods, first, server.requests().size() / (double) minutes, byKind);
      }
    }
  }
}
