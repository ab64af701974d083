package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who did what. */
class AuditScreenTest {
  private static final Pattern ROUTE = Pattern.compile("  (/\\S+):");
  private static final Pattern CHANGE = Pattern.compile("    (post|put|patch|delete):");

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
  void every_call_that_changes_something_has_words() {
    String script = read("META-INF/resources/niro/niro-audit.js");
    String path = "";
    for (String line : read("cx/niro/server/http/openapi.yaml").lines().toList()) {
      Matcher route = ROUTE.matcher(line);
      if (route.matches()) {
        path = route.group(1);
      } else if (CHANGE.matcher(line).matches() && path.startsWith("/api/v1/")) {
        String call = line.strip().replace(":", "").toUpperCase(Locale.ROOT);
        assertThat(script).contains("\"" + call + " " + path.substring("/api/v1".length()) + "\":");
      }
    }
  }

  private static String read(String resource) {
    return new String(Asset.read(resource).orElseThrow(), StandardCharsets.UTF_8);
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
