package cx.niro.app.cli;

import cx.niro.app.ExitCode;
import cx.niro.app.Terminal;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints checks for people and turns them into an exit code. */
public final class CheckReport {
  private CheckReport() {}

  /** {@code FAILED} when one failed; warnings and skipped checks are well. */
  public static int print(List<Check> checks, PrintWriter out) {
    for (Check check : checks) {
      String outcome = check.outcome().name().toLowerCase(Locale.ROOT);
      String line = String.format(Locale.ROOT, "%-8s %-12s ", outcome, check.name());
      out.println(line + Terminal.clean(check.detail()));
      if (!check.nextStep().isEmpty()) {
        out.println(" ".repeat(22) + "next: " + Terminal.clean(check.nextStep()));
      }
    }
    out.flush();
    boolean failed = checks.stream().anyMatch(check -> check.outcome() == Check.Outcome.FAILED);
    return failed ? ExitCode.FAILED : ExitCode.OK;
  }
}
