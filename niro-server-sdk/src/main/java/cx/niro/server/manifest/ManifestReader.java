package cx.niro.server.manifest;

import java.util.List;

/**
 * Reads texts that belong together: one limit holds for what all of them become when their aliases
 * are followed. For one thread.
 */
public final class ManifestReader {
  private final ManifestLimits limits;
  private long left;

  /** A reader that has read nothing yet. */
  public ManifestReader(ManifestLimits limits) {
    this.limits = limits;
    this.left = 2L * limits.bytes();
  }

  /**
   * The objects of one more text, in its order, lists taken apart, not checked any further.
   *
   * @throws ManifestException naming document and line of what is wrong, and the limit
   */
  public List<Manifest> read(ManifestFile file) {
    return YamlDocuments.read(file, this);
  }

  ManifestLimits limits() {
    return limits;
  }

  /** False when that is more than what is left. */
  boolean spend(long bytes) {
    left -= bytes;
    return left >= 0;
  }
}
