package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AddClusterTest {
  private static final String COMMAND =
      "curl -sfL https://niro.example.com/install.sh | sh -s -- --token niro_et_1";

  @RegisterExtension static final Screen screen = new Screen();

  @Test
  void a_new_cluster_gets_a_command_and_shows_up_with_its_first_beat() {
    screen.api().on("POST /api/v1/clusters", request -> new StubApi.Answer(201, created(COMMAND)));
    Page page = opened();

    name(page).fill(" porto-kiosk ");
    page.getByRole(AriaRole.DIALOG).getByLabel("Environment").selectOption("staging");
    button(page, "Create and show the command").click();

    assertThat(page.getByLabel("Install command")).hasText(COMMAND);
    StubApi.Call sent = screen.api().last("POST /api/v1/clusters");
    assertThat(sent.body()).isEqualTo("{\"name\":\"porto-kiosk\",\"environment\":\"staging\"}");
    assertThat(sent.csrf()).isEqualTo("c5rf");
    assertThat(page.getByText("Waiting for the first heartbeat")).isVisible();

    screen.api().ok("GET /api/v1/clusters/c-99", enrolled());
    screen.pass(3);
    assertThat(page.getByText("The first heartbeat has arrived.")).isVisible();

    button(page, "Open cluster").click();
    assertThat(page.getByRole(AriaRole.HEADING).first()).hasText("porto-kiosk");
    assertThat(page.url()).endsWith("/clusters/c-99/overview");
  }

  @Test
  void the_command_can_be_copied_and_its_token_counts_down() {
    screen.api().on("POST /api/v1/clusters", request -> new StubApi.Answer(201, created(COMMAND)));
    Page page = opened();
    name(page).fill("porto-kiosk");
    button(page, "Create and show the command").click();

    button(page, "Copy command").click();
    assertThat(button(page, "Copied")).isVisible();
    assertThat(page.evaluate("navigator.clipboard.readText()")).isEqualTo(COMMAND);
    assertThat(page.getByRole(AriaRole.TIMER)).containsText("expires in 60:00");
    screen.pass(2);
    assertThat(page.getByRole(AriaRole.TIMER)).containsText("expires in 59:58");
  }

  @Test
  void an_expired_token_is_replaced_on_request() {
    String soon = created(COMMAND).replace("13:00:00Z", "12:00:02Z");
    screen.api().on("POST /api/v1/clusters", request -> new StubApi.Answer(201, soon));
    screen
        .api()
        .on(
            "POST /api/v1/clusters/c-99/enrollment",
            request -> new StubApi.Answer(201, enrollment("second command")));
    Page page = opened();
    name(page).fill("porto-kiosk");
    button(page, "Create and show the command").click();

    screen.pass(2);
    assertThat(page.getByText("The token has expired.")).isVisible();
    button(page, "New token").click();

    assertThat(page.getByLabel("Install command")).hasText("second command");
  }

  @Test
  void a_name_that_is_taken_is_said_beside_the_form() {
    screen.api().refuse("POST /api/v1/clusters", 409, "name_taken", "There is a cluster homelab.");
    Page page = opened();
    name(page).fill("homelab");
    button(page, "Create and show the command").click();

    assertThat(page.getByRole(AriaRole.ALERT)).hasText("There is a cluster homelab.");
    assertThat(name(page)).hasValue("homelab");
  }

  @Test
  void escape_closes_the_dialog_and_the_focus_goes_back() {
    Page page = opened();
    page.keyboard().press("Escape");

    assertThat(page.getByRole(AriaRole.DIALOG)).isHidden();
    assertThat(button(page, "Add cluster")).isFocused();
  }

  private Page opened() {
    Page page = screen.open("/");
    button(page, "Add cluster").click();
    return page;
  }

  private static Locator name(Page page) {
    return page.getByRole(AriaRole.DIALOG).getByLabel("Name");
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static String created(String command) {
    String pending = Fixtures.cluster("c-12").replace("c-12", "c-99").replace("lisbon", "porto");
    return "{\"cluster\": " + pending + ", \"enrollment\": " + enrollment(command) + "}";
  }

  private static String enrollment(String command) {
    return """
        {"token": "niro_et_1", "expiresAt": "2026-11-23T13:00:00Z", "installCommand": "%s", "installHint": null}"""
        .formatted(command);
  }

  private static String enrolled() {
    return Fixtures.cluster("c-01").replace("c-01", "c-99").replace("berlin-edge-1", "porto-kiosk");
  }
}
