package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PodLogScreenTest {
  private static final String LOG =
      "GET /api/v1/clusters/c-01/pods/kube-system/cart-6d9f7c5b8-00000/log";
  private static final String END = event("end", "{\"code\":\"finished\",\"reason\":\"over\"}");

  @RegisterExtension static final Screen screen = new Screen();

  private static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }

  private static String lines(String... lines) {
    return event("lines", "{\"lines\":[\"" + String.join("\",\"", lines) + "\"]}");
  }

  private Page look(String pod) {
    Page page = screen.open("/pods?q=" + pod);
    screen
        .row(pod)
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("View logs"))
        .click();
    return page;
  }

  private Page look(String... events) {
    screen.api().ok(LOG, String.join("", events));
    return look("cart-6d9f7c5b8-00000");
  }

  private static Locator log(Page page) {
    return page.getByRole(AriaRole.LOG);
  }

  @Test
  void lines_are_shown_with_what_was_dropped_where_it_broke_off_and_why_it_ended() {
    Page page =
        look(
            ":\n\n",
            lines("GET / 200", "GET /cart 500"),
            event("dropped", "{\"count\":120}"),
            lines("GET /login 200"),
            event("gap", "{\"seconds\":12}"),
            END);

    assertThat(log(page).locator("> div"))
        .hasText(
            new String[] {
              "GET / 200",
              "GET /cart 500",
              "120 lines dropped here: they came faster than they could be sent.",
              "GET /login 200",
              "Nothing was heard for 12 s. Lines may be missing here, or there twice.",
              "The log ends here."
            });
    assertThat(page.getByText("Ended · 3 lines")).isVisible();
    Assertions.assertThat(screen.api().last(LOG).line())
        .endsWith("?container=cart&follow=true&previous=false&tail=500");
  }

  @Test
  void a_hostile_line_is_text() {
    String markup = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    Page page =
        look(
            lines(
                markup,
                "\\u001b[31mred\\u0007 \\u202egnp.exe \\ufffd\\u200b\\tx",
                "y".repeat(1_000_000)),
            END);

    assertThat(log(page).locator("> div").nth(0)).hasText(markup);
    assertThat(log(page).locator("> div").nth(1))
        .hasText("␛[31mred␇ ⟨U+202E⟩gnp.exe \ufffd⟨U+200B⟩ x");
    assertThat(log(page).locator("> div").nth(2)).containsText("yyy… 996,000 more characters");
    assertThat(page.locator("img, main script")).hasCount(0);
    Assertions.assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
  }

  @Test
  void the_page_holds_a_bounded_part_of_a_long_log() {
    String[] batches =
        IntStream.range(0, 20)
            .mapToObj(
                batch ->
                    lines(
                        IntStream.range(batch * 1000, batch * 1000 + 1000)
                            .mapToObj(i -> "line " + i)
                            .toArray(String[]::new)))
            .toArray(String[]::new);
    Page page = look(String.join("", batches), END);

    assertThat(log(page).getByText("line 19999")).isVisible();
    assertThat(log(page).locator("> div").first()).hasText("19,001 earlier lines not shown.");
    Assertions.assertThat(log(page).locator("> div").count()).isLessThan(1010);
  }

  @Test
  void searching_shows_the_lines_that_hold_it() {
    Page page = look(lines("GET / 200", "POST /cart 500", "GET /cart 200"), END);
    page.getByPlaceholder("Search in what is shown").fill("CART");

    assertThat(log(page).locator("> div"))
        .hasText(new String[] {"POST /cart 500", "GET /cart 200"});
    assertThat(log(page).locator("mark").first()).hasText("cart");
    assertThat(page.getByText("Ended · 2 of 3 lines")).isVisible();
  }

  @Test
  void another_container_and_the_previous_run_are_asked_for_anew() {
    Page page = look(lines("one"), END);
    assertThat(log(page)).containsText("one");

    page.getByLabel("Container").selectOption("istio-proxy");
    page.getByLabel("Previous run").check();
    page.getByLabel("Follow", new Page.GetByLabelOptions().setExact(true)).uncheck();

    page.waitForCondition(
        () ->
            screen
                .api()
                .last(LOG)
                .line()
                .endsWith("?container=istio-proxy&follow=false&previous=true&tail=500"));
    assertThat(log(page).locator("> div")).hasCount(2);
  }

  @Test
  void what_cannot_be_shown_is_said() {
    screen.api().refuse(LOG, 503, "stream_unreachable", "the cluster is offline: no heartbeat");
    Page page = look("cart-6d9f7c5b8-00000");

    assertThat(page.getByRole(AriaRole.ALERT)).hasText("the cluster is offline: no heartbeat");
  }

  @Test
  void where_the_agent_may_not_read_logs_the_command_is_shown_that_grants_it() {
    Page page = look("cart-6d9f7c5b8-00600");

    assertThat(page.locator("pre.grant"))
        .hasText(
            "curl -fsSL '"
                + page.evaluate("location.origin")
                + "/install.sh' | sudo env NIRO_ENABLE_LOGS=1 sh");
    Assertions.assertThat(screen.api().calls.stream().map(StubApi.Call::line))
        .noneMatch(line -> line.contains("/log"));
    page.getByLabel("Close").click();
    assertThat(page.locator("niro-pod-log")).hasCount(0);
  }

  @Test
  void a_viewer_is_not_offered_logs() {
    screen.api().ok("GET /app/session", StubApi.session("vera@example.com", "viewer", "read"));
    Page page = screen.open("/pods");

    assertThat(screen.row("cart-6d9f7c5b8-00000")).isVisible();
    assertThat(page.getByRole(AriaRole.BUTTON, named("View logs"))).hasCount(0);
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }
}
