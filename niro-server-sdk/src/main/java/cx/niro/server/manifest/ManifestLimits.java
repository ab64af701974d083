package cx.niro.server.manifest;

import cx.niro.core.managed.ManagedLimits;

/**
 * How large manifests may be.
 *
 * @param bytes of all texts together; what they become when their aliases are followed may take
 *     twice that, each map and list counted as 64 bytes at least
 * @param objects of all files together
 * @param aliases to maps and lists in one document
 * @param depth of maps and lists in one document
 */
public record ManifestLimits(int bytes, int objects, int aliases, int depth) {
  /** 3 MiB, 1,000 objects, 50 aliases, 48 deep. */
  public static final ManifestLimits DEFAULT =
      new ManifestLimits(3 * 1024 * 1024, ManagedLimits.OBJECTS, 50, 48);
}
