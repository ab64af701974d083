package cx.niro.core;

/** Names one silence. */
public record SilenceId(String value) {
  /**
   * Refuses anything but 1 to 64 characters of {@code A-Z a-z 0-9 . _ -} with {@link
   * IllegalArgumentException}.
   */
  public SilenceId {
    Identifier.check("silenceId", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
