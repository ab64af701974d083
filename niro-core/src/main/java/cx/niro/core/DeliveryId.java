package cx.niro.core;

/** Names one message to one channel; the same in every attempt to deliver it. */
public record DeliveryId(String value) {
  /**
   * Refuses anything but 1 to 64 characters of {@code A-Z a-z 0-9 . _ -} with {@link
   * IllegalArgumentException}.
   */
  public DeliveryId {
    Identifier.check("deliveryId", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
