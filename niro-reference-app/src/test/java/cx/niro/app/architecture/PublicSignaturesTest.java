package cx.niro.app.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PublicSignaturesTest {
  private static final String[] HIDDEN = {
    "cx.niro.core.internal.",
    "cx.niro.agent.internal.",
    "cx.niro.server.internal.",
    "okhttp3.",
    "okio.",
    "kotlin.",
    "com.squareup.moshi.",
    "com.github.benmanes.caffeine.",
    "com.google.gson.",
  };
  private static final String KUBERNETES = "io.kubernetes.";

  @Test
  void what_is_hidden_never_shows_in_a_public_signature() {
    classes()
        .that()
        .resideInAnyPackage("cx.niro.core..", "cx.niro.agent..", "cx.niro.server..")
        .and()
        .resideOutsideOfPackage("..internal..")
        .should(showNoHiddenType())
        .allowEmptyShould(true)
        .check(NiroClasses.ALL);
  }

  @Test
  void the_rule_sees_type_arguments_and_arrays() {
    for (Class<?> slip : new Class<?>[] {Slip.class, Slip.Nested.class}) {
      assertThatThrownBy(
              () ->
                  classes()
                      .should(showNoHiddenType())
                      .check(new ClassFileImporter().importClasses(slip)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("shows com.squareup.moshi.Moshi");
    }
  }

  private static ArchCondition<JavaClass> showNoHiddenType() {
    return new ArchCondition<>("show no hidden type to its users") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!isVisible(type)) {
          return;
        }
        signatures(type)
            .flatMap(signature -> signature.types().stream().map(used -> new Use(signature, used)))
            .filter(use -> isHidden(type, use.type()))
            .forEach(
                use ->
                    events.add(
                        SimpleConditionEvent.violated(
                            type, use.signature().where() + " shows " + use.type().getName())));
      }
    };
  }

  private static Stream<Signature> signatures(JavaClass type) {
    List<JavaType> parents = new ArrayList<>(type.getInterfaces());
    type.getSuperclass().ifPresent(parents::add);
    return Stream.concat(
        Stream.of(Signature.of(type.getName(), parents)),
        type.getMembers().stream()
            .filter(PublicSignaturesTest::isVisible)
            .map(member -> Signature.of(member.getFullName(), typesOf(member))));
  }

  private static List<JavaType> typesOf(JavaMember member) {
    List<JavaType> types = new ArrayList<>();
    if (member instanceof JavaField field) {
      types.add(field.getType());
    }
    if (member instanceof JavaCodeUnit unit) {
      types.add(unit.getReturnType());
      types.addAll(unit.getParameterTypes());
      types.addAll(unit.getExceptionTypes());
    }
    return types;
  }

  private static boolean isVisible(JavaClass type) {
    return isExposed(type.getModifiers())
        && type.getEnclosingClass().map(PublicSignaturesTest::isVisible).orElse(true);
  }

  private static boolean isVisible(JavaMember member) {
    return isExposed(member.getModifiers())
        && !member.getModifiers().contains(JavaModifier.SYNTHETIC);
  }

  private static boolean isExposed(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static boolean isHidden(JavaClass user, JavaClass used) {
    if (used.getName().startsWith(KUBERNETES)) {
      return !user.getPackageName().startsWith("cx.niro.agent.kubernetes");
    }
    return Stream.of(HIDDEN).anyMatch(used.getName()::startsWith);
  }

  private record Use(Signature signature, JavaClass type) {}

  private record Signature(String where, List<JavaClass> types) {
    static Signature of(String where, List<JavaType> types) {
      return new Signature(
          where,
          types.stream()
              .flatMap(type -> type.getAllInvolvedRawTypes().stream())
              .map(JavaClass::getBaseComponentType)
              .distinct()
              .toList());
    }
  }
}
