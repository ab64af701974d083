package cx.niro.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.agent.spi.CommandContext;
import cx.niro.agent.spi.CommandHandler;
import cx.niro.agent.spi.CommandOutcome;
import cx.niro.core.Credential;
import cx.niro.core.InvalidRequestException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentOptionsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://niro.example.com",
        "https://niro.example.com:8443/base",
        "http://localhost:8080",
        "http://127.0.0.1",
        "http://[::1]:8080"
      })
  void these_server_urls_are_fine(String url) {
    assertThat(AgentOptions.builder(url).build().serverUrl()).hasToString(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://niro.example.com", "http://10.0.0.1", "http://localhost.evil.example"})
  void clear_text_to_another_machine_must_be_allowed(String url) {
    assertThatThrownBy(() -> AgentOptions.builder(url).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowHttp(true)");
    assertThat(AgentOptions.builder(url).allowHttp(true).build().serverUrl()).hasToString(url);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://x", "niro.example.com", "https://", "https:///path", "not a url"})
  void anything_else_is_refused_by_name(String url) {
    assertThatThrownBy(() -> AgentOptions.builder(url).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_truncated_token_is_told_at_once() {
    String token = Credential.mint(Credential.Kind.ENROLLMENT_TOKEN, new Random(1)).secretText();
    assertThatThrownBy(() -> AgentOptions.builder("https://x").token(token.substring(0, 40)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("was it copied whole?");
    assertThat(AgentOptions.builder("https://x").token("  ").build().token()).isEmpty();
  }

  @Test
  void the_logged_values_show_no_secret() {
    Credential token = Credential.mint(Credential.Kind.ENROLLMENT_TOKEN, new Random(1));
    String shown =
        AgentOptions.builder("https://x")
            .token(token.secretText())
            .proxy("http://me:hidden@proxy:3128")
            .build()
            .toString();
    assertThat(shown)
        .doesNotContain(token.secretText())
        .doesNotContain("hidden")
        .contains("http://proxy:3128");
  }

  @Test
  void two_handlers_of_one_kind_and_odd_kinds_and_worker_counts_are_refused() {
    AgentOptions.Builder twice =
        AgentOptions.builder("https://x").commandHandler(of("a.b")).commandHandler(of("a.b"));
    assertThatThrownBy(twice::build).hasMessageContaining("a.b");
    AgentOptions.Builder odd = AgentOptions.builder("https://x").commandHandler(of("A B"));
    assertThatThrownBy(odd::build).hasMessageContaining("A B");
    AgentOptions.Builder none = AgentOptions.builder("https://x").workers(0);
    assertThatThrownBy(none::build).hasMessage("workers must be 1 to 64, but was 0");
  }

  @Test
  void to_builder_opens_a_copy() {
    AgentOptions first = AgentOptions.builder("https://x").workers(7).build();
    AgentOptions second = first.toBuilder().agentVersion("2").build();
    assertThat(second.workers()).isEqualTo(7);
    assertThat(first.agentVersion()).isEqualTo(AgentOptions.DEFAULT_AGENT_VERSION);
  }

  private static CommandHandler of(String kind) {
    return new CommandHandler() {
      @Override
      public String kind() {
        return kind;
      }

      @Override
      public CommandOutcome handle(CommandContext context) {
        return CommandOutcome.succeeded();
      }
    };
  }
}
