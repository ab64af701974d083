package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Terminal;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says how a cluster differs from what a managed deployment wants. */
@Command(
    name = "diff",
    description =
        "Says how the cluster differs from what a managed deployment wants; ends with code 1 when"
            + " it does.")
public final class DiffCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "The managed deployment.")
  String name = "";

  @Option(
      names = "--wait",
      converter = AtLeastOne.class,
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to wait for the agent; default 60.")
  int waitSeconds;

  @Mixin DeploymentTarget target;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    RestClient client = target.client();
    String path = target.path(client, name);
    Document command = client.post(path + "/diff", Map.of());
    Document done = target.finished(client, command.cell("id"), waitSeconds);
    if (!done.cell("state").equals("succeeded")) {
      throw new CommandException(
          ExitCode.FAILED,
          "not compared, the command " + done.cell("state") + ": " + done.cell("reason"));
    }
    Document deployment = client.get(path);
    PrintWriter out = spec.commandLine().getOut();
    print(deployment, out);
    out.flush();
    return deployment.cell("drift.state").equals("in_sync") ? ExitCode.OK : ExitCode.FAILED;
  }

  /** One line for each object that differs and for each of its fields. */
  static void print(Document deployment, PrintWriter out) {
    out.println(deployment.cell("name") + ": " + deployment.cell("drift.state"));
    for (Document object : deployment.documents("drift.objects")) {
      String state = object.cell("state");
      if (!state.equals("in_sync")) {
        String place =
            Stream.of(object.text("namespace").orElse(""), object.cell("name"))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("/"));
        String why = object.text("message").map(text -> ": " + text).orElse("");
        out.println(Terminal.clean(state + " " + object.cell("kind") + " " + place + why));
        object.documents("changes").forEach(change -> out.println(line(change)));
      }
    }
  }

  private static String line(Document change) {
    String by = change.text("manager").map(manager -> "  (" + manager + ")").orElse("");
    return "  "
        + Terminal.clean(
            change.cell("path")
                + ": "
                + change.text("wanted").orElse("nothing")
                + " -> "
                + change.text("live").orElse("nothing")
                + by);
  }
}
