package cx.niro.app.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Applies an older revision of a managed deployment as a new one. */
@Command(
    name = "rollback",
    description = "Applies the manifests of an older revision, as a new revision.")
public final class RollbackCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "The managed deployment.")
  String name = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "REVISION",
      description = "One of the history; see niro describe deployment.")
  long revision;

  @Mixin ApplyFlags flags;
  @Mixin DeploymentTarget target;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, Object> body = new LinkedHashMap<>(flags.members());
    body.put("revision", revision);
    RestClient client = target.client();
    String path = target.path(client, name);
    return flags.report(
        target,
        client,
        path,
        client.post(path + "/rollback", body),
        spec.commandLine().getOut(),
        spec.commandLine().getErr());
  }
}
