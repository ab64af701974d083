package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Json;
import cx.niro.app.Terminal;

/** Turns a problem document into a message and an exit code. */
final class Refusals {
  private Refusals() {}

  static CommandException of(int status, String body) {
    Document problem = parsed(body);
    String title = problem.text("title").orElse("The server answered " + status);
    String detail = problem.text("detail").map(text -> ": " + text).orElse("");
    String code = problem.text("code").map(text -> " (" + text + ")").orElse("");
    return new CommandException(
        exitCode(status), Terminal.clean(title + detail + code) + nextStep(status));
  }

  private static Document parsed(String body) {
    try {
      return Document.of(Json.parse(body));
    } catch (IllegalArgumentException e) {
      return Document.of(null);
    }
  }

  private static int exitCode(int status) {
    return switch (status) {
      case 400, 422 -> ExitCode.USAGE;
      case 401 -> ExitCode.NOT_AUTHENTICATED;
      case 403 -> ExitCode.FORBIDDEN;
      case 404 -> ExitCode.NOT_FOUND;
      case 409 -> ExitCode.CONFLICT;
      default -> ExitCode.FAILED;
    };
  }

  private static String nextStep(int status) {
    return status == 401 ? "; set NIRO_API_TOKEN to an API token of this server" : "";
  }
}
