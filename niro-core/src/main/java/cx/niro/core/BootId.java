package cx.niro.core;

/**
 * Names one run of one agent process: drawn at random when the agent starts, never stored by the
 * agent.
 */
public record BootId(String value) {
  /**
   * Refuses anything but 1 to 64 characters of {@code A-Z a-z 0-9 . _ -} with {@link
   * IllegalArgumentException}.
   */
  public BootId {
    Identifier.check("bootId", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
