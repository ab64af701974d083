package cx.niro.core;

/** Names one entry of the audit. */
public record AuditId(String value) {
  /**
   * Refuses anything but 1 to 64 characters of {@code A-Z a-z 0-9 . _ -} with {@link
   * IllegalArgumentException}.
   */
  public AuditId {
    Identifier.check("auditId", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
