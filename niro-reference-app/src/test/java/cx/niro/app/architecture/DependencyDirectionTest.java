package cx.niro.app.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DependencyDirectionTest {

  @Test
  void all_four_modules_are_looked_at() {
    for (String root : new String[] {"core", "agent", "server", "app"}) {
      assertThat(NiroClasses.ALL.containPackage("cx.niro." + root)).as(root).isTrue();
    }
  }

  @ParameterizedTest(name = "cx.niro.{0} may use cx.niro.{1} and nothing else of ours")
  @CsvSource({"core, core", "agent, agent|core", "server, server|core"})
  void dependencies_have_one_direction(String module, String allowed) {
    String[] ours =
        Arrays.stream(allowed.split("\\|"))
            .map(name -> "cx.niro." + name + "..")
            .toArray(String[]::new);
    holds(
        noClasses()
            .that()
            .resideInAPackage("cx.niro." + module + "..")
            .should()
            .dependOnClassesThat(
                JavaClass.Predicates.resideInAPackage("cx.niro..")
                    .and(JavaClass.Predicates.resideOutsideOfPackages(ours))));
  }

  @Test
  void nobody_looks_into_the_internals_of_another_module() {
    for (String module : new String[] {"core", "agent", "server"}) {
      holds(
          noClasses()
              .that()
              .resideInAPackage("cx.niro..")
              .and()
              .resideOutsideOfPackage("cx.niro." + module + "..")
              .should()
              .dependOnClassesThat()
              .resideInAPackage("cx.niro." + module + ".internal.."));
    }
  }

  @ParameterizedTest(name = "{0} is imported by {1} only")
  @CsvSource({
    "okhttp3, cx.niro.agent.internal|cx.niro.agent.kubernetes|cx.niro.server.notify|cx.niro.server.internal.relay",
    "com.squareup.moshi, cx.niro.core.protocol|cx.niro.core.internal",
    "okio, cx.niro.core.protocol|cx.niro.core.internal|cx.niro.agent.internal|cx.niro.server.notify",
    "kotlin, cx.niro.nowhere",
    "com.github.benmanes.caffeine, cx.niro.server.internal",
    "jakarta.servlet, cx.niro.server.servlet|cx.niro.app",
    "io.kubernetes, cx.niro.agent.kubernetes",
    "com.google.gson, cx.niro.agent.kubernetes",
    "org.jdbi, cx.niro.server.jdbc|cx.niro.app",
    "org.flywaydb, cx.niro.server.jdbc|cx.niro.app",
    "org.eclipse.jetty, cx.niro.app",
    "picocli, cx.niro.app",
    "org.snakeyaml, cx.niro.server.manifest|cx.niro.app",
    "ch.qos.logback, cx.niro.app",
  })
  void third_party_libraries_stay_behind_their_package(String library, String homes) {
    String[] allowed =
        Arrays.stream(homes.split("\\|")).map(home -> home + "..").toArray(String[]::new);
    holds(
        noClasses()
            .that()
            .resideInAPackage("cx.niro..")
            .and()
            .resideOutsideOfPackages(allowed)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library + ".."));
  }

  @Test
  void no_package_lives_in_two_modules() {
    Map<String, Set<String>> homes = new TreeMap<>();
    for (JavaClass type : NiroClasses.ALL) {
      String place = type.getSource().orElseThrow().getUri().toString();
      String root = place.substring(0, place.lastIndexOf(type.getName().replace('.', '/')));
      homes.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>()).add(root);
    }
    assertThat(homes).allSatisfy((name, roots) -> assertThat(roots).as(name).hasSize(1));
  }

  @Test
  void test_libraries_stay_in_tests() {
    holds(
        classes()
            .that()
            .resideInAPackage("cx.niro..")
            .should()
            .onlyDependOnClassesThat()
            .resideOutsideOfPackages("org.junit..", "org.assertj..", "com.tngtech.."));
  }

  private static void holds(ArchRule rule) {
    rule.allowEmptyShould(true).check(NiroClasses.ALL);
  }
}
