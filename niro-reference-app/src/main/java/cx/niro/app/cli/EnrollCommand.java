package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Printed;
import cx.niro.app.SystemTime;
import cx.niro.app.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Adds a cluster and prints how to install its agent. */
@Command(
    name = "enroll",
    description = "Adds a cluster and prints its token and the install command, this once.",
    footer = {
      "",
      "Examples:",
      "  niro enroll warehouse-lyon --env production --label site=lyon",
      "  niro enroll warehouse-lyon --again      a new token; the old one dies"
    })
public final class EnrollCommand implements Callable<Integer> {
  @Parameters(index = "0", description = "The cluster's name.")
  String name = "";

  @Option(
      names = {"-e", "--env", "--environment"},
      description = "dev, staging, production or unspecified.")
  @Nullable String environment;

  @Option(
      names = {"-l", "--label"},
      paramLabel = "KEY=VALUE",
      description = "A label; repeat it for more.")
  Map<String, String> labels = Map.of();

  @Option(names = "--again", description = "A new token for a cluster that is there.")
  boolean again;

  @Option(
      names = "--take-over",
      description = "With --again: the token may replace an agent that still works.")
  boolean takeOver;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "Waits so long for the first heartbeat.")
  int waitSeconds;

  @Option(
      names = {"-o", "--output"},
      description = "json or yaml instead of text.")
  GetCommand.@Nullable Output output;

  @Mixin ServerConnection connection;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    RestClient client = connection.open();
    Document made = again ? renewed(client) : created(client);
    print(made, spec.commandLine().getOut());
    if (waitSeconds > 0) {
      await(client, made.cell("cluster.id"));
    }
    return ExitCode.OK;
  }

  private Document created(RestClient client) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("name", name);
    if (environment != null) {
      body.put("environment", environment);
    }
    if (!labels.isEmpty()) {
      body.put("labels", labels);
    }
    return client.post("/api/v1/clusters", body);
  }

  private Document renewed(RestClient client) {
    Document cluster = new FleetLists(client).cluster(name);
    String path = "/api/v1/clusters/" + RestClient.encode(cluster.cell("id")) + "/enrollment";
    Document enrollment = client.post(path, Map.of("takeOver", takeOver));
    Map<String, @Nullable Object> both = new LinkedHashMap<>();
    both.put("cluster", cluster.members());
    both.put("enrollment", enrollment.members());
    return new Document(both);
  }

  private void print(Document made, PrintWriter out) {
    if (output == GetCommand.Output.JSON) {
      out.println(Printed.json(made.members()));
    } else if (output == GetCommand.Output.YAML) {
      out.print(Printed.yaml(made.members()));
    } else {
      printText(made, out);
    }
    out.flush();
  }

  private static void printText(Document made, PrintWriter out) {
    out.println("Cluster  " + Terminal.clean(made.cell("cluster.name")));
    out.println("Id       " + Terminal.clean(made.cell("cluster.id")));
    out.println("Token    " + Terminal.clean(made.cell("enrollment.token")));
    out.println("Expires  " + Terminal.clean(made.cell("enrollment.expiresAt")));
    out.println();
    made.text("enrollment.installCommand")
        .ifPresent(command -> out.print("Run on the cluster:\n\n" + indented(command)));
    made.text("enrollment.installHint").ifPresent(hint -> out.println(Terminal.clean(hint)));
  }

  private static String indented(String command) {
    return Terminal.cleanLines(command).indent(2);
  }

  private void await(RestClient client, String id) {
    for (int second = 0; second < waitSeconds; second++) {
      Document now = client.get("/api/v1/clusters/" + RestClient.encode(id));
      if (now.value("lastHeartbeatAt") != null) {
        spec.commandLine().getErr().println("First heartbeat received.");
        return;
      }
      SystemTime.sleep(Duration.ofSeconds(1));
    }
    throw new CommandException(
        ExitCode.TIMED_OUT, "no heartbeat within " + waitSeconds + " s; look at the agent's log");
  }
}
