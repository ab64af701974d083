package cx.niro.core;

/** Names one managed deployment. */
public record DeploymentId(String value) {
  /**
   * Refuses anything but 1 to 64 characters of {@code A-Z a-z 0-9 . _ -} with {@link
   * IllegalArgumentException}.
   */
  public DeploymentId {
    Identifier.check("deploymentId", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
