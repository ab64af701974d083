package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.InputFiles;
import cx.niro.app.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes or replaces a managed deployment. */
@Command(
    name = "apply",
    description =
        "Gives a cluster a named set of manifests, which its agent applies; objects that were in an"
            + " earlier set and are not in this one are deleted.",
    footer = {"", "Example:", "  niro apply -f shop/ --cluster lab-k3s --name shop -n shop --wait"})
public final class ApplyCommand implements Callable<Integer> {
  private static final int MAX_BYTES = 3 * 1024 * 1024;

  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE",
      description = "A file, a folder, or - for standard input; YAML or JSON, many documents.")
  List<String> files = new ArrayList<>();

  @Option(names = "--name", required = true, description = "The name of the set in its cluster.")
  String name = "";

  @Option(
      names = {"-n", "--namespace"},
      description = "For objects that name none; default: as it was, or default.")
  @Nullable String namespace;

  @Option(
      names = "--cede-to",
      paramLabel = "MANAGER",
      description = "A field manager whose fields are left to it; may be repeated.")
  List<String> cedeTo = new ArrayList<>();

  @Mixin ApplyFlags flags;
  @Mixin DeploymentTarget target;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, @Nullable Object> body = new LinkedHashMap<>(flags.members());
    body.put("manifests", manifests());
    body.put("cedeTo", cedeTo);
    if (namespace != null) {
      body.put("namespace", namespace);
    }
    RestClient client = target.client();
    String path = target.path(client, name);
    return flags.report(target, client, path, client.put(path, body), out(), err());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  private List<Map<String, Object>> manifests() {
    InputFiles reader = new InputFiles(System.in, MAX_BYTES);
    List<Map<String, Object>> texts = new ArrayList<>();
    for (String each : files) {
      for (InputFiles.Text text : reader.read(each)) {
        texts.add(Map.of("file", text.name(), "text", text.text()));
      }
    }
    if (texts.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE, "no file in " + Terminal.clean(String.join(", ", files)));
    }
    return texts;
  }
}
