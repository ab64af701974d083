package cx.niro.core;

/** Names one incident, from the moment it opens until it is deleted. */
public record IncidentId(String value) {
  /**
   * Refuses anything but 1 to 64 characters of {@code A-Z a-z 0-9 . _ -} with {@link
   * IllegalArgumentException}.
   */
  public IncidentId {
    Identifier.check("incidentId", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
