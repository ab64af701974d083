package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PodsScreenTest {
  private static final Page.GetByLabelOptions EXACT = new Page.GetByLabelOptions().setExact(true);

  @RegisterExtension static final Screen screen = new Screen();

  @Test
  void a_row_reads_as_kubectl_would_say_it() {
    screen.open("/pods");

    Locator row = screen.row("cart-6d9f7c5b8-00005");
    assertThat(row.locator(".badge")).hasText("CrashLoopBackOff");
    assertThat(row.locator(".badge"))
        .hasAttribute("title", "back-off 5m0s restarting failed container");
    assertThat(row.locator(".ready")).hasText("0/1");
    assertThat(row.locator(".restarts")).hasText("45");
    assertThat(row.locator(".age")).hasText("17 d");
    assertThat(row.locator(".cluster")).hasText("berlin-edge-1");
    assertThat(row.locator(".node")).hasText("pi-2");
    assertThat(row.locator(".images")).hasText("cart:1.5.0");
    assertThat(row.locator(".images"))
        .hasAttribute("title", "registry.example.com/shop/cart:1.5.0");
  }

  @Test
  void filters_are_the_server_s_and_stay_in_the_address() {
    Page page = screen.open("/pods");
    assertThat(page.locator("tbody .badge")).not().hasCount(0);

    page.getByPlaceholder("Filter by name, node or cluster").fill("gateway");
    screen.pass(1);
    assertThat(page).hasURL("/pods?q=gateway");
    page.getByLabel("Namespace", EXACT).selectOption("line");
    page.getByLabel("Cluster", EXACT).selectOption("berlin-edge-2");

    assertThat(page.getByRole(AriaRole.STATUS).first()).hasText("24");
    assertThat(screen.row("gateway-").first().locator(".cluster")).hasText("berlin-edge-2");
    assertThat(page).hasURL("/pods?q=gateway&cluster=c-02&namespace=line");

    page.reload();
    assertThat(page.getByRole(AriaRole.STATUS).first()).hasText("24");
    assertThat(page.getByPlaceholder("Filter by name, node or cluster")).hasValue("gateway");
  }

  @Test
  void scrolling_down_loads_what_follows_and_holds_few_rows() {
    Page page = screen.open("/pods");
    Locator counted = page.getByRole(AriaRole.STATUS).first();
    assertThat(counted).hasText("500+");

    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
    assertThat(counted).hasText("1,500+");
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
    assertThat(counted).hasText("2,400");
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");

    assertThat(screen.row("web-6d9f7c5b8-02399")).isVisible();
    assertThat(page.locator("tbody tr").count()).isLessThan(120);
  }

  @Test
  void a_refresh_keeps_the_place_in_a_long_list() {
    Page page = screen.open("/pods");
    assertThat(page.locator("tbody .badge")).not().hasCount(0);
    page.evaluate("scrollTo(0, 9000)");
    Locator row = screen.row("-00190");
    assertThat(row).isVisible();
    row.evaluate("element => { element.marked = true }");
    long before = screen.api().count("GET /api/v1/pods");

    screen.pass(5);

    page.waitForCondition(() -> screen.api().count("GET /api/v1/pods") > before);
    assertThat(row.evaluate("element => element.marked")).isEqualTo(true);
    assertThat(page.evaluate("scrollY")).isEqualTo(9000);
  }
}
