package cx.niro.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void a_line_of_a_log_keeps_its_tabs_and_shows_what_would_act_on_the_terminal() {
    assertThat(Terminal.escape("a\tb \u001b[31mred\u0007 \u202egnp.exe \r x"))
        .isEqualTo("a\tb \\x1b[31mred\\x07 \\u202egnp.exe \\x0d x");
    assertThat(Terminal.escape("naïve 日本 🚀")).isEqualTo("naïve 日本 🚀");
  }
}
