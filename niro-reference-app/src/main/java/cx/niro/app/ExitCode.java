package cx.niro.app;

/** What every command of {@code niro} returns to the shell; {@code docs/cli.md} has the table. */
public final class ExitCode {
  public static final int OK = 0;

  /** The command did not do what was asked; the message says why. */
  public static final int FAILED = 1;

  /** A flag, an argument or an environment variable is wrong. */
  public static final int USAGE = 2;

  /** No answer from the server: DNS, network, TLS, proxy. */
  public static final int UNREACHABLE = 3;

  /** No API token, or one that is not known. */
  public static final int NOT_AUTHENTICATED = 4;

  public static final int FORBIDDEN = 5;
  public static final int NOT_FOUND = 6;

  /** It is taken, finished or in another state than it would have to be. */
  public static final int CONFLICT = 7;

  /** It did not finish within the time given. */
  public static final int TIMED_OUT = 8;

  private ExitCode() {}
}
