package cx.niro.app;

import org.jspecify.annotations.Nullable;

/** Ends a command with a message for the user and a code for the shell. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** An end with one of {@link ExitCode} and a sentence that says the next step. */
  public CommandException(int exitCode, String message) {
    this(exitCode, message, null);
  }

  /** The same with what caused it. */
  public CommandException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
