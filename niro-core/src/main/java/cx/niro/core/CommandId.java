package cx.niro.core;

/** Names one command sent to one cluster. */
public record CommandId(String value) {
  /**
   * Refuses anything but 1 to 64 characters of {@code A-Z a-z 0-9 . _ -} with {@link
   * IllegalArgumentException}.
   */
  public CommandId {
    Identifier.check("commandId", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
