package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Terminal;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of whatever sends an apply. */
public final class ApplyFlags {
  @Option(names = "--adopt", description = "Takes fields over from kubectl, without a question.")
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

  /** Asks whoever runs the command. */
  @FunctionalInterface
  public interface Asking {
    /** The answer; null when nobody is there. */
    @Nullable String answer(String question);
  }

  private final Asking asking;

  /** Questions go to the terminal, if there is one. */
  public ApplyFlags() {
    this(Terminal::ask);
  }

  /** Questions go to {@code asking}. */
  public ApplyFlags(Asking asking) {
    this.asking = asking;
  }

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
    if (outcome.failure() == null) {
      return;
    }
    if (outcome.adoptable().isEmpty() || adopt || forceConflicts || !mayAdopt(outcome)) {
      throw new CommandException(ExitCode.FAILED, outcome.failure());
    }
    requireUnmoved(client.get(path), sent);
    adopt = true;
    waited(target, client, path, client.post(path + "/apply", members()), out);
  }

  /** Whoever said yes was asked about one revision, and another may be wanted by now. */
  private static void requireUnmoved(Document now, Document asked) {
    if (!now.cell("revision").equals(asked.cell("revision"))) {
      throw new CommandException(
          ExitCode.FAILED,
          "nothing was taken over: revision "
              + asked.cell("revision")
              + " was asked about, and by now revision "
              + now.cell("revision")
              + " is wanted");
    }
  }

  private boolean mayAdopt(DeploymentTarget.Outcome outcome) {
    String question =
        "Only kubectl owns what is in the way:\n  "
            + String.join("\n  ", outcome.adoptable())
            + "\nTake these fields over? [y/N] ";
    String answer = asking.answer(question);
    return answer != null && answer.strip().matches("(?i)y|yes");
  }
}
