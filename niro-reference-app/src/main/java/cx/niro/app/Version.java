package cx.niro.app;

import org.jspecify.annotations.Nullable;

/** The version of this build, from the jar's manifest. */
public final class Version {
  private Version() {}

  /** For example {@code 0.1.0}; {@code dev} when run from class files. */
  public static String current() {
    @Nullable String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
