package cx.niro.app.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class TimeAndChanceTest {
  private static final Set<String> FORBIDDEN =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.Thread.sleep",
          "java.lang.Thread.onSpinWait",
          "java.lang.Thread.startVirtualThread",
          "java.lang.Math.random",
          "java.time.InstantSource.system",
          "java.util.concurrent.ThreadLocalRandom.current",
          "java.util.concurrent.TimeUnit.sleep",
          "java.util.random.RandomGenerator.getDefault",
          "java.util.concurrent.CompletableFuture.delayedExecutor");
  private static final Set<String> FORBIDDEN_WITHOUT_ARGUMENTS =
      Set.of("java.util.Date.<init>", "java.util.Random.<init>", "java.util.Timer.<init>");

  /** The one class of each module that may touch the clock, start threads and draw lots. */
  private static final Set<String> DOORS =
      Set.of(
          "cx.niro.core.internal.SystemTime",
          "cx.niro.agent.internal.SystemTime",
          "cx.niro.server.internal.SystemTime",
          "cx.niro.app.SystemTime");

  @Test
  void clocks_threads_and_chance_have_one_door_per_module() {
    rule().check(NiroClasses.ALL);
  }

  @Test
  void the_rule_sees_calls_references_and_threads() {
    for (Class<?> slip : new Class<?>[] {Calls.class, Refers.class, Starts.class}) {
      assertThatThrownBy(() -> rule().check(new ClassFileImporter().importClasses(slip)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(slip.getSimpleName());
    }
  }

  private static ArchRule rule() {
    return noClasses()
        .that(DescribedPredicate.describe("are not a door", type -> !isDoor(type.getName())))
        .should()
        .accessTargetWhere(DescribedPredicate.describe("reads the machine", forbidden()))
        .allowEmptyShould(true);
  }

  private static Predicate<JavaAccess<?>> forbidden() {
    return access -> {
      AccessTarget target = access.getTarget();
      String owner = target.getOwner().getName();
      String name = owner + "." + target.getName();
      boolean bare =
          target instanceof AccessTarget.CodeUnitAccessTarget unit
              && unit.getRawParameterTypes().isEmpty();
      return FORBIDDEN.contains(name)
          || (FORBIDDEN_WITHOUT_ARGUMENTS.contains(name) && bare)
          || name.equals("java.lang.Thread.<init>")
          || (owner.startsWith("java.time.") && target.getName().equals("now"))
          || (owner.equals("java.time.Clock")
              && (target.getName().startsWith("system") || target.getName().startsWith("tick")));
    };
  }

  private static boolean isDoor(String name) {
    int nested = name.indexOf('$');
    return DOORS.contains(nested < 0 ? name : name.substring(0, nested));
  }

  static final class Calls {
    Instant now() {
      return Instant.now();
    }
  }

  static final class Refers {
    LongSupplier nanos() {
      return System::nanoTime;
    }
  }

  static final class Starts {
    void run(Runnable work) {
      new Thread(work).start();
    }
  }
}
