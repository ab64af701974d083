package cx.niro.app.simulate;

import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.agent.testkit.VirtualTrouble;
import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.SystemTime;
import cx.niro.app.cli.Document;
import cx.niro.app.cli.FleetLists;
import cx.niro.app.cli.RestClient;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the clusters of a simulation on the server, and removes them again. */
final class SimulatedClusters {
  private static final Logger log = LoggerFactory.getLogger(SimulatedClusters.class);
  private static final List<String> ENVIRONMENTS = List.of("production", "staging", "dev");
  private static final Duration LONG_AGO = Duration.ofMinutes(-25);

  /** What is asked for. */
  record Plan(
      int clusters,
      int nodes,
      int pods,
      double churn,
      double crash,
      double notReady,
      double silent,
      long seed,
      Duration duration) {}

  private record Made(String id, String name) {}

  private final Plan plan;
  private final RandomGenerator random;
  private final List<Made> made = new CopyOnWriteArrayList<>();

  SimulatedClusters(Plan plan) {
    this.plan = plan;
    this.random = new SplittableRandom(plan.seed());
  }

  /** Enrolls one after the other, spread evenly over {@code ramp}. */
  void start(RestClient client, VirtualFleet fleet, Duration ramp) {
    long begun = SystemTime.NANOS.getAsLong();
    for (int i = 0; i < plan.clusters(); i++) {
      fleet.add(spec(), token(client, i));
      long due = ramp.multipliedBy(i + 1L).dividedBy(plan.clusters()).toNanos();
      long ahead = due - (SystemTime.NANOS.getAsLong() - begun);
      if (ahead > 0) {
        SystemTime.sleep(Duration.ofNanos(ahead));
      }
    }
  }

  private VirtualClusterSpec spec() {
    VirtualClusterSpec spec =
        VirtualClusterSpec.of(plan.nodes(), plan.pods()).withChurn(plan.churn());
    if (random.nextDouble() < plan.crash()) {
      spec = spec.with(VirtualTrouble.crashLoop(LONG_AGO, 1));
    }
    if (random.nextDouble() < plan.notReady()) {
      spec = spec.with(VirtualTrouble.nodeNotReady(LONG_AGO));
    }
    if (random.nextDouble() < plan.silent()) {
      spec = spec.with(VirtualTrouble.silence(plan.duration().dividedBy(2)));
    }
    return spec;
  }

  private String token(RestClient client, int number) {
    String name = String.format(Locale.ROOT, "sim-%d-%05d", plan.seed(), number);
    Map<String, Object> body =
        Map.of("name", name, "environment", ENVIRONMENTS.get(number % ENVIRONMENTS.size()));
    try {
      Document answer = client.post("/api/v1/clusters", body);
      made.add(new Made(answer.text("cluster.id").orElseThrow(), name));
      return answer.text("enrollment.token").orElseThrow();
    } catch (CommandException e) {
      if (e.exitCode() != ExitCode.CONFLICT) {
        throw e;
      }
      return tokenAgain(client, name);
    }
  }

  /** Left there by a simulation with {@code --keep}. */
  private String tokenAgain(RestClient client, String name) {
    String id = new FleetLists(client).cluster(name).text("id").orElseThrow();
    made.add(new Made(id, name));
    return client
        .post("/api/v1/clusters/" + RestClient.encode(id) + "/enrollment", Map.of("takeOver", true))
        .text("token")
        .orElseThrow();
  }

  void delete(RestClient client) {
    for (Made one : made) {
      try {
        String confirm = "?confirm=" + RestClient.encode(one.name());
        client.delete("/api/v1/clusters/" + RestClient.encode(one.id()) + confirm);
      } catch (CommandException e) {
        log.warn("{} stays on the server: {}", one.name(), e.getMessage());
      }
    }
  }
}
