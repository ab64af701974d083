package cx.niro.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.app.Json;
import cx.niro.app.Printed;
import cx.niro.app.Terminal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintedTest {
  private static final String DOCUMENT =
      "{\"name\":\"a\\u001b[31mb\",\"n\":-12,\"x\":1.5,\"none\":null,\"yes\":true,"
          + "\"list\":[1,\"two\",{\"k\":[]}],\"empty\":{}}";

  @Test
  void what_is_parsed_is_written_again() {
    assertThat(Printed.compact(Json.parse(DOCUMENT))).isEqualTo(DOCUMENT);
    assertThat(Json.parse(Printed.json(Json.parse(DOCUMENT)))).isEqualTo(Json.parse(DOCUMENT));
  }

  @Test
  void yaml_quotes_what_could_be_taken_for_something_else() {
    Object value =
        Json.parse("{\"a\":\"no\",\"b\":\"1.30\",\"c\":\"plain-text\",\"d\":[{\"e\":1}]}");

    assertThat(Printed.yaml(value))
        .isEqualTo("a: \"no\"\nb: \"1.30\"\nc: plain-text\nd:\n  - e: 1\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[1,]", "{\"a\" 1}", "\"open", "nul", "1 2", "\"\\x\"", "\"\\u12\""})
  void what_is_not_json_is_refused_with_its_place(String text) {
    assertThatThrownBy(() -> Json.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not JSON at character ");
  }

  @Test
  void deep_nesting_is_refused() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000)))
        .hasMessageContaining("nested more than 200 deep");
  }

  @Test
  void a_very_long_cell_moves_its_own_row_only_and_no_line_ends_with_spaces() {
    String longName = "x".repeat(253);

    List<String> lines =
        Table.lines(
            List.of(
                List.of("NAME", "STATUS"), List.of(longName, "ok"), List.of("short", "critical")));

    assertThat(lines)
        .containsExactly(
            "NAME" + " ".repeat(63) + "STATUS",
            longName + "   ok",
            "short" + " ".repeat(62) + "critical");
  }

  @Test
  void hostile_names_cannot_move_the_cursor_or_break_the_table() {
    List<String> lines =
        Table.lines(List.of(List.of("NAME", "STATUS"), List.of("a\u001b[2J\n\u202eb", "ok")));

    assertThat(lines).containsExactly("NAME       STATUS", "a?[2J??b   ok");
    assertThat(Terminal.clean("\u009b1m")).isEqualTo("?1m");
  }
}
