package cx.niro.core;

/**
 * Names the organization that a cluster belongs to; what an organization is, the embedder decides.
 */
public record OrganizationId(String value) {
  /**
   * Refuses anything but 1 to 64 characters of {@code A-Z a-z 0-9 . _ -} with {@link
   * IllegalArgumentException}.
   */
  public OrganizationId {
    Identifier.check("organizationId", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
