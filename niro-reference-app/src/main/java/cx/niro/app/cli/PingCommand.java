package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.SystemTime;
import cx.niro.app.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends a ping to a cluster's agent and waits for the answer. */
@Command(
    name = "ping",
    description = "Asks a cluster's agent for a sign of life and prints the round trip.")
public final class PingCommand implements Callable<Integer> {
  private static final List<String> FINAL =
      List.of("succeeded", "failed", "rejected", "expired", "cancelled");
  private static final int WAIT_STEP = 20;

  @Parameters(index = "0", description = "The cluster's name or id.")
  String cluster = "";

  @Option(
      names = {"-w", "--wait"},
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to wait for the answer; default 30.")
  int waitSeconds;

  @Option(
      names = "--count",
      converter = AtLeastOne.class,
      defaultValue = "1",
      description = "How many pings, one after another.")
  int count;

  @Mixin ServerConnection connection;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    RestClient client = connection.open();
    Document target = new FleetLists(client).cluster(cluster);
    String commands = "/api/v1/clusters/" + RestClient.encode(target.cell("id")) + "/commands";
    for (int i = 0; i < count; i++) {
      long start = SystemTime.NANOS.getAsLong();
      Document done = finished(client, commands);
      double millis = (SystemTime.NANOS.getAsLong() - start) / 1e6;
      report(target, done, millis);
    }
    return ExitCode.OK;
  }

  private Document finished(RestClient client, String commands) {
    Map<String, Object> body = Map.of("kind", "ping", "deadlineSeconds", Math.max(1, waitSeconds));
    Document command = client.post(commands, body);
    String path = commands + "/" + RestClient.encode(command.cell("id"));
    int left = waitSeconds;
    while (!FINAL.contains(command.cell("state")) && left > 0) {
      int step = Math.min(WAIT_STEP, left);
      command = client.get(path + "?waitSeconds=" + step, Duration.ofSeconds(step));
      left -= step;
    }
    return command;
  }

  private void report(Document target, Document done, double millis) {
    String name = Terminal.clean(target.cell("name"));
    String state = done.cell("state");
    if (state.equals("succeeded")) {
      String took = String.format(Locale.ROOT, "%.1f ms", millis);
      spec.commandLine().getOut().println(name + " answered in " + took);
      spec.commandLine().getOut().flush();
      return;
    }
    String why = done.text("reason").map(reason -> ": " + Terminal.clean(reason)).orElse("");
    boolean open = !FINAL.contains(state) || state.equals("expired");
    throw new CommandException(
        open ? ExitCode.TIMED_OUT : ExitCode.FAILED,
        name + " did not answer within " + waitSeconds + " s, the ping is " + state + why);
  }
}
