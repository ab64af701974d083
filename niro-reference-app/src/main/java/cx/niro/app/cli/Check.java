package cx.niro.app.cli;

/**
 * What a doctor found.
 *
 * @param nextStep what to do about it; empty when there is nothing to do
 */
public record Check(String name, Outcome outcome, String detail, String nextStep) {
  /** How it went. */
  public enum Outcome {
    OK,
    WARNING,
    FAILED,
    SKIPPED
  }

  public static Check ok(String name, String detail) {
    return new Check(name, Outcome.OK, detail, "");
  }

  public static Check warning(String name, String detail, String nextStep) {
    return new Check(name, Outcome.WARNING, detail, nextStep);
  }

  public static Check failed(String name, String detail, String nextStep) {
    return new Check(name, Outcome.FAILED, detail, nextStep);
  }

  public static Check skipped(String name, String why) {
    return new Check(name, Outcome.SKIPPED, why, "");
  }
}
