package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who did what. */
class AuditScreenTest {
  @RegisterExtension static final Screen screen = new Screen();

  @Test
  void it_says_who_did_what_from_where_and_what_came_of_it() {
    Page page = screen.open("/audit");
    Locator refused = entry(page, "eve@example.com");
    assertThat(refused).containsText("Viewer · 203.0.113.9");
    assertThat(refused).containsText("Delete a cluster");
    assertThat(refused).containsText("factory-hall-7");
    assertThat(refused).containsText("Refused");
    assertThat(refused).containsText("Forbidden");
    assertThat(entry(page, "anna@example.com")).containsText("Change policies");
    assertThat(entry(page, "robot-7")).containsText("POST /acme/reboots");
    assertThat(entry(page, "robot-7")).containsText("Unknown");
    assertThat(page).hasTitle("Audit · Niro");
  }

  @Test
  void older_entries_come_on_demand_and_stay() {
    Page page = screen.open("/audit");
    assertThat(page.locator("li")).hasCount(3);
    screen
        .api()
        .on(
            "GET /api/v1/audit",
            request ->
                new StubApi.Answer(
                    200,
                    request.getParameter("cursor") == null
                        ? Fixtures.text("audit.json")
                        : Fixtures.text("audit.json")
                            .replace("\"a-", "\"b-")
                            .replace("2026-11-2", "2026-10-2")
                            .replace("\"next\"", "null")));
    page.getByText("Load older").click();
    assertThat(page.locator("li")).hasCount(6);
    assertThat(page.getByText("Load older")).hasCount(0);
    screen.pass(5);
    assertThat(page.locator("li")).hasCount(6);
  }

  @Test
  void filters_go_to_the_server_and_into_the_address() {
    Page page = screen.open("/audit?object=/clusters/c-03");
    page.getByLabel("Who").fill("anna@example.com");
    screen.pass(1);
    assertThat(page).hasURL("/audit?actor=anna%40example.com&object=%2Fclusters%2Fc-03");
    assertThat(screen.api().last("GET /api/v1/audit").line())
        .contains("actor=anna%40example.com")
        .contains("object=%2Fclusters%2Fc-03");
  }

  @Test
  void only_those_who_administer_are_led_there() {
    Page page = screen.open("/");
    Locator entry =
        page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Main"))
            .getByText("Audit");
    assertThat(entry).isVisible();
    screen
        .api()
        .ok("GET /app/session", StubApi.session("eve@example.com", "member", "read", "write"));
    screen.open("/");
    assertThat(page.getByText("Silences")).isVisible();
    assertThat(entry).hasCount(0);
  }

  @Test
  void it_fits_a_small_screen() {
    screen.page().setViewportSize(360, 740);
    Page page = screen.open("/audit");
    assertThat(entry(page, "robot-7")).isVisible();
    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
  }

  private static Locator entry(Page page, String actor) {
    return page.locator("niro-audit li").filter(new Locator.FilterOptions().setHasText(actor));
  }
}
