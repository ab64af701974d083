package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Removes a managed deployment and what it put into its cluster. */
@Command(
    name = "deployment",
    description = "Removes what a managed deployment put into its cluster, and then it.")
public final class DeleteDeploymentCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "The managed deployment.")
  String name = "";

  @Option(
      names = "--remove-data",
      description = "Namespaces, CustomResourceDefinitions and volumes too.")
  boolean removeData;

  @Option(names = "--forget", description = "Leaves everything in the cluster as it is.")
  boolean forget;

  @Option(
      names = "--wait",
      arity = "0..1",
      paramLabel = "SECONDS",
      fallbackValue = "300",
      defaultValue = "0",
      description = "Waits for the end, 300 s unless said otherwise.")
  int waitSeconds;

  @Mixin DeploymentTarget target;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    RestClient client = target.client();
    String query = forget ? "?forget=true" : "?removeData=" + removeData;
    Document command = client.delete(target.path(client, name) + query);
    if (waitSeconds > 0 && !forget) {
      Document done = target.finished(client, command.cell("id"), waitSeconds);
      if (!done.cell("state").equals("succeeded")) {
        throw new CommandException(
            ExitCode.FAILED,
            "not deleted, the command " + done.cell("state") + ": " + done.cell("reason"));
      }
    }
    String how = forget ? ": forgotten" : waitSeconds > 0 ? ": deleted" : ": being deleted";
    spec.commandLine().getOut().println("deployment " + Terminal.clean(name) + how);
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }
}
