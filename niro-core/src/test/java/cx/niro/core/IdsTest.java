package cx.niro.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class IdsTest {
  private static final Map<String, Function<String, Object>> KINDS =
      Map.of(
          "bootId", BootId::new,
          "clusterId", ClusterId::new,
          "commandId", CommandId::new,
          "incidentId", IncidentId::new,
          "organizationId", OrganizationId::new);

  @Test
  void an_id_prints_as_its_value() {
    KINDS.forEach((name, make) -> assertThat(make.apply("a-1.B_2")).hasToString("a-1.B_2"));
    assertThat(new ClusterId("x")).isEqualTo(new ClusterId("x"));
    assertThat(new ClusterId("x".repeat(64)).value()).hasSize(64);
  }

  @Test
  void what_is_not_safe_in_a_path_or_a_log_line_is_refused_by_name() {
    KINDS.forEach(
        (name, make) -> {
          for (String bad : new String[] {"", "-a", "a/b", "a b", "ä", "a\nb", "x".repeat(65)}) {
            assertThatThrownBy(() -> make.apply(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                    name + " must be 1 to 64 letters, digits, '.', '_' or '-', and start with");
          }
        });
  }

  @Test
  void the_message_shows_the_value_and_is_safe_itself() {
    assertThatThrownBy(() -> new ClusterId("a\nb"))
        .hasMessageEndingWith("but was 'a?b' (3 characters)");
    assertThatThrownBy(() -> new ClusterId("y".repeat(5000)))
        .hasMessageEndingWith("but was '" + "y".repeat(80) + "…' (5000 characters)");
  }
}
