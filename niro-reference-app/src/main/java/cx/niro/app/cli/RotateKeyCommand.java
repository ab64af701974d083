package cx.niro.app.cli;

import cx.niro.app.ExitCode;
import cx.niro.app.Terminal;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks for a new key for a cluster's agent. */
@Command(
    name = "rotate-key",
    description =
        "Makes a cluster's agent replace its key by a new one, with its next heartbeat; the old one"
            + " ends when the new one works.")
public final class RotateKeyCommand implements Callable<Integer> {
  @Parameters(index = "0", description = "The cluster's name or id.")
  String cluster = "";

  @Mixin ServerConnection connection;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    RestClient client = connection.open();
    Document target = new FleetLists(client).cluster(cluster);
    String path = "/api/v1/clusters/" + RestClient.encode(target.cell("id"));
    client.post(path + "/rotate-key", Map.of());
    String name = Terminal.clean(target.cell("name"));
    spec.commandLine()
        .getOut()
        .println(name + " gets a new key with its next heartbeat; its timeline says when it has");
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }
}
