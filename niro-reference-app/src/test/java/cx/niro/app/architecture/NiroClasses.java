package cx.niro.app.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;

/**
 * The main classes of all modules, from their class folders or jars, without tests and test kits.
 */
final class NiroClasses {
  static final JavaClasses ALL =
      new ClassFileImporter().withImportOption(NiroClasses::isMain).importPackages("cx.niro");

  private NiroClasses() {}

  private static boolean isMain(Location location) {
    return !location.contains("/test-classes/") && !location.contains("-tests.jar");
  }
}
