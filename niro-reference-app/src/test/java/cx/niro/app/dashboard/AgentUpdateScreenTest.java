package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another image for a cluster's agent. */
class AgentUpdateScreenTest {
  private static final String UPDATE = "/api/v1/clusters/c-01/agent-update";
  private static final String SETTINGS = "/clusters/c-01/settings";
  private static final String DIGEST = "sha256:" + "ab".repeat(32);

  @RegisterExtension static final Screen screen = new Screen();

  @Test
  void an_image_is_offered_and_can_be_called_back_before_the_agent_takes_it() {
    screen.api().change("PUT " + UPDATE, "GET " + UPDATE, update("offered", null));
    screen
        .api()
        .change(
            "DELETE /api/v1/clusters/c-01/commands/k-50",
            "GET " + UPDATE,
            update("cancelled", "cancelled by anna@example.com"));
    Page page = screen.open(SETTINGS);
    page.getByLabel("Wanted image").fill(" " + DIGEST + " ");
    button(page, "Update agent").click();

    Locator agent = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Agent"));
    assertThat(agent).containsText("Offered");
    assertThat(screen.api().last("PUT").body()).isEqualTo("{\"digest\":\"" + DIGEST + "\"}");
    button(page, "Cancel update").click();
    assertThat(agent).containsText("Cancelled by anna@example.com");
    assertThat(button(page, "Cancel update")).hasCount(0);
  }

  @ParameterizedTest
  @CsvSource({
    "rolling, Rolling, The pod from before stays until the new one is ready.",
    "done, Done, The new agent is at work.",
    "rolled_back, Rolled back, its agent was at work throughout.",
    "failed, Failed, The agent did not call in time",
  })
  void how_far_it_is_and_why_it_ended_so_is_told(String state, String label, String meaning) {
    String reason = state.equals("failed") ? "the agent did not call in time" : null;
    screen.api().ok("GET " + UPDATE, update(state, reason));
    Page page = screen.open(SETTINGS);

    assertThat(page.locator("niro-agent-update .badge")).hasText(label);
    assertThat(page.locator("niro-agent-update")).containsText(meaning);
    assertThat(page.locator("niro-agent-update"))
        .containsText("registry.example.com/niro@sha256:22");
  }

  @Test
  void what_the_server_refuses_stands_at_the_field() {
    screen
        .api()
        .on(
            "PUT " + UPDATE,
            request ->
                new StubApi.Answer(
                    422,
                    """
                    {"status": 422, "code": "invalid_field", "field": "digest", "detail": "digest: 'v2' is not sha256: and 64 of 0-9 a-f"}"""));
    Page page = screen.open(SETTINGS);
    Locator field = page.getByLabel("Wanted image");
    field.fill("v2");
    button(page, "Update agent").click();

    assertThat(field).hasAttribute("aria-invalid", "true");
    assertThat(page.locator("niro-agent-update").getByRole(AriaRole.ALERT))
        .hasText("digest: 'v2' is not sha256: and 64 of 0-9 a-f");
    assertThat(field).hasValue("v2");
  }

  @Test
  void where_the_agent_may_not_the_command_is_shown_that_grants_it() {
    Page page = screen.open("/clusters/c-03/settings");

    assertThat(page.locator("niro-agent-update pre.grant"))
        .containsText("sudo env NIRO_ENABLE_SELF_UPDATE=1 sh");
    assertThat(page.getByLabel("Wanted image")).hasCount(0);
  }

  @Test
  void a_viewer_reads_how_far_it_is_and_changes_nothing() {
    screen.api().ok("GET /app/session", StubApi.session("vera@example.com", "viewer", "read"));
    screen.api().ok("GET " + UPDATE, update("offered", null));
    Page page = screen.open(SETTINGS);

    assertThat(page.locator("niro-agent-update")).containsText("Offered");
    assertThat(page.locator("niro-agent-update").getByRole(AriaRole.BUTTON)).hasCount(0);
  }

  private static String update(String state, String reason) {
    String image = "registry.example.com/niro@sha256:";
    boolean told = !state.equals("offered");
    return """
        {"command": "k-50", "state": "%s", "image": %s, "before": %s, "reason": %s, "requestedBy": "anna@example.com",
         "requestedAt": "2026-11-23T11:59:00Z", "finishedAt": null}"""
        .formatted(
            state,
            told ? "\"" + image + "22" + "\"" : "null",
            told ? "\"" + image + "11" + "\"" : "null",
            reason == null ? "null" : "\"" + reason + "\"");
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }
}
