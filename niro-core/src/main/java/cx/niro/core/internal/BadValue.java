package cx.niro.core.internal;

/**
 * A well-formed value that breaks a rule. It costs no stack trace, because a body may hold tens of
 * thousands of them.
 */
public final class BadValue extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One of many, of which only the first is told. */
  static BadValue unseen() {
    return new BadValue("$", "is not valid");
  }

  private final String path;

  BadValue(String path, String message) {
    super(message, null, false, false);
    this.path = path;
  }

  public String path() {
    return path;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
