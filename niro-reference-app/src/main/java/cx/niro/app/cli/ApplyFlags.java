package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Terminal;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Flags of whatever sends an apply. */
public final class ApplyFlags {
  @Option(names = "--adopt", description = "Takes fields over from kubectl.")
  boolean adopt;

  @Option(names = "--force-conflicts", description = "Takes fields over from anybody.")
  boolean forceConflicts;

  @Option(
      names = "--remove-data",
      description = "Deletes Namespaces, CustomResourceDefinitions and volumes too, if need be.")
  boolean removeData;

  @Option(
      names = "--wait",
      arity = "0..1",
      paramLabel = "SECONDS",
      fallbackValue = "300",
      defaultValue = "0",
      description = "Waits for the end, 300 s unless said otherwise, and says how it went.")
  int waitSeconds;

  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("adopt", adopt);
    members.put("forceConflicts", forceConflicts);
    members.put("removeData", removeData);
    return members;
  }

  /** Says what was sent, and with {@code --wait} what became of it. */
  int report(
      DeploymentTarget target,
      RestClient client,
      String path,
      Document sent,
      PrintWriter out,
      PrintWriter err) {
    for (Document finding : sent.documents("findings")) {
      err.println(
          Terminal.clean(
              finding.cell("severity")
                  + " "
                  + finding.cell("rule")
                  + " "
                  + finding.cell("scope")
                  + ": "
                  + finding.cell("message")));
    }
    err.flush();
    String what = "deployment " + sent.cell("name") + ", revision " + sent.cell("revision");
    if (waitSeconds <= 0) {
      out.println(Terminal.clean(what + ": sent"));
    } else {
      waited(target, client, path, sent, out);
      out.println(Terminal.clean(what + ": succeeded"));
    }
    out.flush();
    return ExitCode.OK;
  }

  private void waited(
      DeploymentTarget target, RestClient client, String path, Document sent, PrintWriter out) {
    DeploymentTarget.Outcome outcome = target.outcome(client, path, sent, waitSeconds);
    List<String> lines = outcome.lines();
    lines.forEach(out::println);
    out.flush();
    if (outcome.failure() != null) {
      throw new CommandException(ExitCode.FAILED, outcome.failure());
    }
  }
}
