package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FleetScreenTest {
  /** By the formula of WCAG 2, against the nearest background that is not transparent. */
  private static final String WORST_CONTRAST =
      """
      elements => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
        const pen = canvas.getContext("2d", { willReadFrequently: true });
        const light = color => {
          pen.fillStyle = color;
          pen.fillRect(0, 0, 1, 1);
          const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data]
            .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const behind = element => {
          const color = getComputedStyle(element).backgroundColor;
          return color === "rgba(0, 0, 0, 0)"
            ? behind(element.parentElement ?? element.getRootNode().host) : color;
        };
        return Math.min(...elements.map(element => {
          const [a, b] = [light(getComputedStyle(element).color), light(behind(element))];
          return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        }));
      }""";

  @RegisterExtension static final Screen screen = new Screen();

  @Test
  void a_row_says_status_why_and_since_when() {
    screen.open("/");

    Locator row = screen.row("factory-hall-7");
    assertThat(row.locator(".badge")).hasText("Critical");
    assertThat(row.locator(".badge"))
        .hasAttribute("title", "2 open incidents, worst high (since 23 Nov 2026, 11:53:48)");
    assertThat(row.locator(".why")).containsText("Node pi-3 has not been ready for 6 minutes");
    assertThat(row.locator(".why")).containsText("since 11:53 (6 min)");
    assertThat(row.locator(".environment")).hasText("production");
    assertThat(row.locator(".version")).hasText("1.30.8+k3s1");
    assertThat(row.locator(".nodes")).hasText("5");
    assertThat(row.locator(".pods")).hasText("118");
    assertThat(row.locator(".incidents")).hasText("2");
  }

  @Test
  void what_needs_somebody_comes_first() {
    screen.open("/");

    Locator badges = screen.page().locator("tbody .badge");
    assertThat(badges).hasCount(12);
    assertThat(badges.allInnerTexts().subList(0, 6))
        .containsExactly("Critical", "Critical", "Offline", "Unknown", "Warning", "Pending");
  }

  @Test
  void the_last_heartbeat_ticks_every_second() {
    screen.open("/");

    Locator beat = screen.row("berlin-edge-1").locator(".heartbeat");
    assertThat(beat).hasText("3 s ago");
    screen.pass(1);
    assertThat(beat).hasText("4 s ago");
    screen.pass(1);
    assertThat(beat).hasText("5 s ago");
    assertThat(screen.row("lisbon-kiosk").locator(".heartbeat")).hasText("never");
  }

  @Test
  void a_browser_whose_clock_is_wrong_counts_by_the_server_s() {
    screen.browserClock(StubApi.NOON.plus(Duration.ofHours(3)));
    screen.open("/");

    assertThat(screen.row("berlin-edge-1").locator(".heartbeat")).hasText("3 s ago");
  }

  @Test
  void new_data_is_shown_after_five_seconds() {
    screen.open("/");
    assertThat(screen.row("berlin-edge-1").locator(".badge")).hasText("Healthy");

    screen
        .api()
        .ok(
            "GET /api/v1/clusters",
            Fixtures.text("clusters.json").replaceFirst("\"healthy\"", "\"unknown\""));
    screen.pass(5);

    assertThat(screen.row("berlin-edge-1").locator(".badge")).hasText("Unknown");
  }

  @Test
  void a_refresh_keeps_scroll_focus_selection_and_typed_text() {
    screen.api().ok("GET /api/v1/clusters", manyClusters(300));
    Page page = screen.open("/");
    assertThat(page.locator("tbody .badge")).not().hasCount(0);
    Locator filter = page.getByPlaceholder("Filter by name, version or label");
    filter.fill("edge-");
    filter.evaluate("input => input.setSelectionRange(1, 3)");
    page.evaluate("scrollTo(0, 4000)");
    Locator row = screen.row("edge-0085");
    assertThat(row).isVisible();
    row.evaluate("element => { element.marked = true }");

    long before = screen.api().count("GET /api/v1/clusters");
    screen
        .api()
        .ok("GET /api/v1/clusters", manyClusters(300).replace("\"pods\": 7", "\"pods\": 8"));
    screen.pass(5);

    assertThat(row.locator(".pods")).hasText("8");
    assertThat(screen.api().count("GET /api/v1/clusters")).isGreaterThan(before);
    assertThat(page.evaluate("scrollY")).isEqualTo(4000);
    assertThat(row.evaluate("element => element.marked")).isEqualTo(true);
    assertThat(filter).hasValue("edge-");
    assertThat(filter).isFocused();
    assertThat(filter.evaluate("input => [input.selectionStart, input.selectionEnd].join()"))
        .isEqualTo("1,3");
  }

  @Test
  void thousands_of_clusters_are_few_elements() {
    screen.api().ok("GET /api/v1/clusters", manyClusters(3000));
    Page page = screen.open("/");
    assertThat(page.getByText("3,000 clusters")).isVisible();

    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");

    assertThat(screen.row("edge-2999")).isVisible();
    assertThat(page.locator("tbody tr").count()).isLessThan(120);
  }

  @Test
  void filters_by_text_status_and_environment_add_up() {
    Page page = screen.open("/");
    Locator rows = page.locator("tbody .badge");
    assertThat(rows).hasCount(12);

    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("6 Healthy")).click();
    assertThat(rows).hasCount(6);
    page.getByLabel("Environment").selectOption("production");
    assertThat(rows).hasCount(2);
    page.getByPlaceholder("Filter by name, version or label").fill("TIER=edge");
    assertThat(rows).hasCount(1);
    page.getByPlaceholder("Filter by name, version or label").fill("nothing like it");
    assertThat(page.getByText("No cluster matches the filters.")).isVisible();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Clear filters"))
        .first()
        .click();
    assertThat(rows).hasCount(12);
  }

  @Test
  void when_the_server_is_gone_the_old_data_stays_and_says_so() {
    Page page = screen.open("/");
    assertThat(screen.row("berlin-edge-1")).isVisible();

    screen.api().refuse("GET /api/v1/clusters", 503, "overloaded", "Too many requests.");
    screen.pass(6);

    assertThat(page.locator(".note"))
        .hasText("Not updated since 12:00. Too many requests. Trying again.");
    assertThat(screen.row("berlin-edge-1")).isVisible();
    screen.api().ok("GET /api/v1/clusters", Fixtures.text("clusters.json"));
    screen.pass(5);
    assertThat(page.locator(".note")).hasCount(0);
  }

  @Test
  void an_empty_fleet_leads_to_adding_a_cluster() {
    screen.api().ok("GET /api/v1/clusters", Fixtures.list());
    Page page = screen.open("/");

    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Add your first cluster"))
        .click();

    assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
    assertThat(page.getByRole(AriaRole.DIALOG).getByLabel("Name")).isFocused();
  }

  @Test
  void a_page_that_nobody_looks_at_asks_for_nothing() {
    Page page = screen.open("/");
    assertThat(screen.row("berlin-edge-1")).isVisible();
    hide(page, true);
    long before = screen.api().count("GET /api/v1/clusters");

    screen.pass(20);
    assertThat(screen.api().count("GET /api/v1/clusters")).isEqualTo(before);

    hide(page, false);
    assertThat(screen.row("berlin-edge-1").locator(".heartbeat")).hasText("23 s ago");
    page.waitForCondition(() -> screen.api().count("GET /api/v1/clusters") > before);
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void badges_and_quiet_text_can_be_read(ColorScheme scheme) {
    Page page = screen.page();
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    screen.open("/");
    assertThat(page.locator("tbody .badge")).hasCount(12);

    for (String text : new String[] {"tbody .badge", ".tag", ".sub", "th", "button.primary"}) {
      Object worst = page.locator(text).evaluateAll(WORST_CONTRAST);
      assertThat(((Number) worst).doubleValue()).as(text).isGreaterThanOrEqualTo(4.5);
    }
  }

  private static void hide(Page page, boolean hidden) {
    page.evaluate(
        "state => { Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });"
            + " document.dispatchEvent(new Event('visibilitychange')) }",
        hidden ? "hidden" : "visible");
  }

  private static String manyClusters(int many) {
    String one = Fixtures.cluster("c-01").replace("\"pods\": 64", "\"pods\": 7");
    return IntStream.range(0, many)
        .mapToObj(
            i ->
                one.replace("\"c-01\"", "\"e-" + i + "\"")
                    .replace("berlin-edge-1", "edge-%04d".formatted(i)))
        .collect(Collectors.joining(",", "{\"items\": [", "], \"nextCursor\": null}"));
  }
}
