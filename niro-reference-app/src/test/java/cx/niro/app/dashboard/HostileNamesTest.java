package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a cluster says is text. {@link Screen} fails a test in which any of it runs. */
class HostileNamesTest {
  private static final String MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>";

  @RegisterExtension static final Screen screen = new Screen();

  @Test
  void markup_in_a_name_is_shown_as_it_is() {
    screen.api().ok("GET /api/v1/clusters", everywhere(Fixtures.text("clusters.json")));
    screen.api().ok("GET /api/v1/incidents", everywhere(Fixtures.text("fleet-incidents.json")));
    Page page = screen.open("/");

    assertThat(screen.row("factory-hall-7").locator("a.name")).hasText(MARKUP + "factory-hall-7");
    assertThat(page.locator("img, tbody script")).hasCount(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"overview", "workloads", "timeline", "settings"})
  void markup_in_anything_of_a_cluster_is_shown_as_it_is(String tab) {
    screen.api().ok("GET /api/v1/clusters/c-03", everywhere(Fixtures.cluster("c-03")));
    for (String list : new String[] {"nodes", "incidents", "workloads", "timeline"}) {
      screen
          .api()
          .ok("GET /api/v1/clusters/c-03/" + list, everywhere(Fixtures.text(list + ".json")));
    }
    Page page = screen.open("/clusters/c-03/" + tab);

    assertThat(page.getByText(MARKUP).first()).isVisible();
    assertThat(page.locator(".panel").first()).not().hasText("Loading…");
    assertThat(page.locator("img, main script")).hasCount(0);
  }

  @Test
  void markup_in_pods_is_shown_as_it_is() {
    screen
        .api()
        .on(
            "GET /api/v1/pods",
            request -> new StubApi.Answer(200, everywhere(PodFixture.page(request))));
    Page page = screen.open("/pods");

    assertThat(screen.row("cart-6d9f7c5b8-00000").locator(".name")).containsText(MARKUP);
    assertThat(page.locator("img, tbody script")).hasCount(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "incidents",
        "incidents?incident=i-1",
        "findings",
        "silences",
        "channels",
        "access"
      })
  void markup_in_what_operators_look_at_is_shown_as_it_is(String path) {
    screen.api().ok("GET /api/v1/incidents", everywhere(Fixtures.text("fleet-incidents.json")));
    screen.api().ok("GET /api/v1/incidents/i-1", everywhere(Fixtures.incident("i-1")));
    for (String list : new String[] {"findings", "silences", "channels", "tokens", "members"}) {
      screen.api().ok("GET /api/v1/" + list, everywhere(Fixtures.text(list + ".json")));
    }
    Page page = screen.open("/" + path);

    assertThat(page.getByText(MARKUP).last()).isVisible();
    page.locator("details.group > summary").all().forEach(Locator::click);
    assertThat(page.locator("img, main script")).hasCount(0);
  }

  @Test
  void evidence_cannot_hide_or_turn_what_stands_around_it() {
    String hostile =
        Fixtures.incident("i-1").replace("24 pods run on it", "24\\u202e pods \\u2066<b>run</b>");
    screen.api().ok("GET /api/v1/incidents/i-1", hostile);
    Page page = screen.open("/incidents?incident=i-1");

    assertThat(page.getByText("24\ufffd pods \ufffd<b>run</b>")).isVisible();
    assertThat(page.locator("dd b")).hasCount(0);
  }

  @Test
  void characters_that_hide_or_turn_text_are_made_visible() {
    String name = "pay\\u202egnp.exe\\u0007\\u200b\\u2066x";
    screen
        .api()
        .ok("GET /api/v1/clusters", Fixtures.text("clusters.json").replace("homelab", name));
    Page page = screen.open("/");

    assertThat(page.getByText("pay\ufffdgnp.exe\ufffd\ufffd\ufffdx")).isVisible();
  }

  @Test
  void a_very_long_name_is_cut_and_whole_in_its_title() {
    String name = "n".repeat(5000);
    screen
        .api()
        .ok("GET /api/v1/clusters", Fixtures.text("clusters.json").replace("homelab", name));
    Page page = screen.open("/");

    assertThat(page.getByTitle(name)).isVisible();
    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "document.body.innerHTML = '<b>x</b>' | require-trusted-types-for",
        "document.body.setAttribute('style', 'color: red') | style-src-attr",
        "new Image().src = 'https://evil.example/x' | img-src",
        "fetch('https://evil.example/x').catch(() => 0) | connect-src",
      })
  void what_slips_through_all_the_same_is_stopped_by_the_policy(String slip, String directive) {
    Page page = screen.open("/");
    assertThat(screen.row("homelab")).isVisible();

    page.evaluate("setTimeout(() => { try { " + slip + " } catch {} })");
    screen.pass(1);

    assertThat(screen.complaint()).contains(directive);
  }

  /** Markup in front of every text that a cluster or its agent chooses. */
  private static String everywhere(String json) {
    String texts =
        "name|summary|statusReason|namespace|kubernetesVersion|agentVersion|kubeletVersion|osImage"
            + "|architecture|scope|type|kind|node|message"
            + "|reason|fix|rule|exemption|by|note|target|createdBy|email|role";
    return json.replaceAll("(\"(?:" + texts + ")\": \")", "$1" + MARKUP)
        .replaceAll("\"(condition|restarts|pod)\": \\[", "\"" + MARKUP + "$1\": [")
        .replaceAll("(\"[^\"]+\": \\[\\s*\")", "$1" + MARKUP);
  }
}
