package cx.niro.app.cli;

import cx.niro.app.Printed;
import cx.niro.app.SystemTime;
import cx.niro.app.Terminal;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows one thing with all that is known of it. */
@Command(
    name = "describe",
    description = "Shows one thing with all that is known of it.",
    synopsisSubcommandLabel = "deployment",
    subcommands = DescribeCommand.Deployment.class)
public final class DescribeCommand implements Runnable {
  private static final List<Column> HISTORY =
      List.of(
          Column.of("REVISION", "revision"),
          Column.of("STATUS", "status"),
          Column.age("AGE", "requestedAt", SystemTime.CLOCK),
          Column.of("BY", "requestedBy"),
          Column.of("REASON", "reason"));

  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "What? describe deployment NAME");
  }

  /** A managed deployment: results, drift, history; with -o json or yaml its manifests too. */
  @Command(
      name = "deployment",
      description = "A managed deployment: results, drift, history; its manifests with -o yaml.")
  static final class Deployment implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "NAME", description = "The managed deployment.")
    String name = "";

    @Option(
        names = {"-o", "--output"},
        defaultValue = "table",
        description = "table, json or yaml; default table.")
    GetCommand.Output output = GetCommand.Output.TABLE;

    @Mixin DeploymentTarget target;
    @Spec CommandSpec spec;

    @Override
    public Integer call() {
      RestClient client = target.client();
      String path = target.path(client, name);
      Document deployment = client.get(path);
      PrintWriter out = spec.commandLine().getOut();
      switch (output) {
        case JSON -> out.println(Printed.json(deployment.members()));
        case YAML -> out.print(Printed.yaml(deployment.members()));
        default -> print(deployment, client.get(path + "/history"), out);
      }
      out.flush();
      return 0;
    }

    private static void print(Document deployment, Document history, PrintWriter out) {
      for (String field :
          List.of("name", "namespace", "revision", "applyStatus", "reason", "lastSyncAt")) {
        out.println(Terminal.clean(field + ": " + deployment.cell(field)));
      }
      out.println();
      DeploymentTarget.results(deployment).forEach(out::println);
      out.println();
      if (deployment.value("drift") != null) {
        DiffCommand.print(deployment, out);
        out.println();
      }
      Listing.print(GetCommand.Output.TABLE, HISTORY, history.documents("items"), out);
    }
  }
}
