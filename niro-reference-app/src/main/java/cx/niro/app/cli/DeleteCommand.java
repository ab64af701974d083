package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Terminal;
import cx.niro.core.VisibleText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Removes a cluster from the server. */
@Command(
    name = "delete",
    description =
        "Removes a cluster from the server. Its agent's key stops working at once; nothing is"
            + " changed in the cluster itself.",
    synopsisSubcommandLabel = "[deployment]",
    subcommands = DeleteDeploymentCommand.class)
public final class DeleteCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", description = "The cluster's name or id.")
  String cluster = "";

  @Option(
      names = "--confirm",
      paramLabel = "NAME",
      description = "The cluster's name once more; asked for on a terminal.")
  @Nullable String confirm;

  @Mixin ServerConnection connection;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    if (cluster.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "Missing required parameter: '<cluster>', or: deployment NAME");
    }
    RestClient client = connection.open();
    Document target = new FleetLists(client).cluster(cluster);
    String name = target.cell("name");
    String confirmed = confirmation(name);
    if (confirmed == null || !name.equals(VisibleText.composed(confirmed))) {
      throw new CommandException(
          ExitCode.USAGE, "not deleted: --confirm must be the name '" + Terminal.clean(name) + "'");
    }
    String id = RestClient.encode(target.cell("id"));
    client.delete("/api/v1/clusters/" + id + "?confirm=" + RestClient.encode(name));
    spec.commandLine().getOut().println("Deleted " + Terminal.clean(name));
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }

  private @Nullable String confirmation(String name) {
    if (confirm != null) {
      return confirm;
    }
    PrintWriter prompt = spec.commandLine().getErr();
    prompt.print("Type the name " + Terminal.clean(name) + " to delete it: ");
    prompt.flush();
    try {
      Charset charset = Charset.defaultCharset();
      return new BufferedReader(new InputStreamReader(System.in, charset)).readLine();
    } catch (IOException e) {
      return null;
    }
  }
}
