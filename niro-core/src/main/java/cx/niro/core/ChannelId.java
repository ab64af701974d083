package cx.niro.core;

/** Names one channel that notifications are sent through. */
public record ChannelId(String value) {
  /**
   * Refuses anything but 1 to 64 characters of {@code A-Z a-z 0-9 . _ -} with {@link
   * IllegalArgumentException}.
   */
  public ChannelId {
    Identifier.check("channelId", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
