package cx.niro.core;

/**
 * Names one cluster for its whole life: given when a user creates it, kept through every
 * re-enrollment.
 */
public record ClusterId(String value) {
  /**
   * Refuses anything but 1 to 64 characters of {@code A-Z a-z 0-9 . _ -} with {@link
   * IllegalArgumentException}.
   */
  public ClusterId {
    Identifier.check("clusterId", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
