package cx.niro.app.simulate;

import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Logs;
import cx.niro.app.SystemTime;
import cx.niro.app.cli.RestClient;
import cx.niro.app.cli.ServerConnection;
import cx.niro.app.server.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a virtual fleet against a server and prints how that goes. */
@Command(
    name = "simulate",
    description =
        "Enrolls simulated clusters with a server and lets them report over the real protocol."
            + " Prints throughput, latency and errors; removes the clusters at the end.",
    footer = {
      "",
      "Example:",
      "  niro simulate --server http://127.0.0.1:8080 --clusters 200 --ramp 20s --duration 2m"
    })
public final class SimulateCommand implements Callable<Integer> {
  @Option(names = "--clusters", defaultValue = "50", description = "How many; default 50.")
  int clusters;

  @Option(names = "--nodes", defaultValue = "3", description = "Nodes of each; default 3.")
  int nodes;

  @Option(names = "--pods", defaultValue = "60", description = "Pods of each; default 60.")
  int pods;

  @Option(
      names = "--churn",
      defaultValue = "0.1",
      description = "How likely a beat carries a change, 0 to 1; default 0.1.")
  double churn;

  @Option(
      names = "--crash",
      defaultValue = "0",
      description = "Share of clusters with crash-looping pods, 0 to 1; default 0.")
  double crash;

  @Option(
      names = "--not-ready",
      defaultValue = "0",
      description = "Share of clusters with a node that is not ready, 0 to 1; default 0.")
  double notReady;

  @Option(
      names = "--silent",
      defaultValue = "0",
      description = "Share of clusters that go silent halfway, 0 to 1; default 0.")
  double silent;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "The same seed makes the same fleet; default 1.")
  long seed;

  @Option(
      names = "--shared-connections",
      defaultValue = "0",
      description =
          "So many HTTP/2 connections for all clusters, up to 500 on each, and few threads; by"
              + " default each cluster has its own.")
  int sharedConnections;

  @Option(
      names = "--ramp",
      converter = Durations.class,
      defaultValue = "10s",
      description = "Over how long they are started; default 10s.")
  Duration ramp = Duration.ofSeconds(10);

  @Option(
      names = "--duration",
      converter = Durations.class,
      defaultValue = "1m",
      description = "How long it goes on after that; default 1m.")
  Duration duration = Duration.ofMinutes(1);

  @Option(
      names = "--report",
      converter = Durations.class,
      defaultValue = "10s",
      description = "How often a line is printed; default 10s.")
  Duration every = Duration.ofSeconds(10);

  @Option(names = "--keep", description = "Leaves the clusters on the server at the end.")
  boolean keep;

  @Mixin ServerConnection connection;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    check();
    Logs.withoutAgents();
    SimulatedClusters made =
        new SimulatedClusters(
            new SimulatedClusters.Plan(
                clusters, nodes, pods, churn, crash, notReady, silent, seed, duration));
    PrintWriter out = spec.commandLine().getOut();
    RestClient client = connection.open();
    VirtualFleet fleet =
        VirtualFleet.builder(connection.uri().toString())
            .seed(seed)
            .sharedConnections(sharedConnections)
            .options(options -> options.http2PriorKnowledge(isClearText()).allowHttp(true))
            .build();
    SystemTime.onShutdown("end of the simulation", () -> end(fleet, made, client));
    FleetReport report = new FleetReport(fleet, SystemTime.NANOS, out);
    made.start(client, fleet, ramp);
    report.line("ramped up");
    for (Duration past = Duration.ZERO; past.compareTo(duration) < 0; past = past.plus(every)) {
      SystemTime.sleep(every);
      report.line("running");
    }
    report.summary();
    if (fleet.metrics().enrolled() == clusters) {
      return ExitCode.OK;
    }
    throw new CommandException(
        ExitCode.FAILED, "only " + fleet.metrics().enrolled() + " of " + clusters + " enrolled");
  }

  private void check() {
    atLeast("--clusters", 1, clusters);
    atLeast("--nodes", 1, nodes);
    atLeast("--pods", 0, pods);
    atLeast("--report", 1, every.toMillis());
    atLeast("--shared-connections", 0, sharedConnections);
    share("--churn", churn);
    share("--crash", crash);
    share("--not-ready", notReady);
    share("--silent", silent);
  }

  private static void atLeast(String option, long least, long given) {
    if (given < least) {
      throw new CommandException(
          ExitCode.USAGE, option + " must be at least " + least + ", but was " + given);
    }
  }

  private static void share(String option, double given) {
    if (!(given >= 0 && given <= 1)) {
      throw new CommandException(ExitCode.USAGE, option + " must be 0 to 1, but was " + given);
    }
  }

  private boolean isClearText() {
    return "http".equals(connection.uri().getScheme());
  }

  private void end(VirtualFleet fleet, SimulatedClusters made, RestClient client) {
    fleet.close();
    if (!keep) {
      made.delete(client);
    }
  }
}
