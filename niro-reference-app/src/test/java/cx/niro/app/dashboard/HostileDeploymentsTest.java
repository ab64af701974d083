package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a cluster says of objects is text, whatever it says. */
class HostileDeploymentsTest {
  private static final String MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  private static final String TURNING = "pay\\u202egnp.exe\\u0007\\u200b";
  private static final String TURNING_SHOWN = "pay\ufffdgnp.exe\ufffd\ufffd";
  private static final String TAB = "/clusters/c-01/deployments";

  @RegisterExtension static final Screen screen = new Screen();

  @Test
  void markup_in_names_messages_and_values_is_shown_as_it_is() {
    everywhere(MARKUP);
    for (String name : new String[] {"shop", "gateway", "legacy"}) {
      Page page = screen.open(TAB + "?deployment=" + name);
      assertThat(page.getByText(MARKUP).last()).isVisible();
      assertNothingGotOut(page);
    }
    Page page = screen.open(TAB);
    assertThat(page.getByText(MARKUP).first()).isVisible();
    assertNothingGotOut(page);
  }

  @Test
  void what_would_hide_or_turn_text_is_made_visible_and_in_values_named() {
    everywhere(TURNING);
    Page page = screen.open(TAB + "?deployment=gateway");

    Locator change = page.getByLabel("Drift").locator(".change").first();
    assertThat(change).containsText(TURNING_SHOWN + "/spec/replicas");
    assertThat(change).containsText("changed by " + TURNING_SHOWN + "kubectl-edit");
    assertThat(change.locator("dd").first()).hasText("pay⟨U+202E⟩gnp.exe␇⟨U+200B⟩2");
    screen.open(TAB + "?deployment=shop");
    assertThat(page.getByLabel("Objects").locator("li").first())
        .containsText("Deployment " + TURNING_SHOWN + "shop/" + TURNING_SHOWN + "cart");
  }

  @Test
  void very_long_texts_begin_and_say_how_much_is_left() {
    screen.page().setViewportSize(400, 780);
    everywhere("n".repeat(20_000));
    for (String name : new String[] {"shop", "gateway", "legacy"}) {
      Page page = screen.open(TAB + "?deployment=" + name);
      assertThat(page.getByText("more characters").first()).isVisible();
      assertNothingGotOut(page);
    }
  }

  @Test
  void what_differs_between_hostile_revisions_is_text_too() {
    for (String revision : new String[] {"2", "3"}) {
      screen
          .api()
          .ok(
              "GET " + DeploymentFixture.ALL + "/shop/history/" + revision,
              """
              {"revision": %s, "manifests": [{"source": null, "object": {"apiVersion": "v1", "kind": "%s", "metadata": {"name": "%s"},
               "data": {"__proto__": "x", "%s": "%s%s\\nb"}}}]}"""
                  .formatted(revision, MARKUP, TURNING, MARKUP, MARKUP, revision));
    }
    Page page = screen.open(TAB + "?deployment=shop");
    page.getByText("Compare", new Page.GetByTextOptions().setExact(true)).last().click();
    assertThat(page.getByLabel("Differences").locator(".change .path")).containsText("/data/<img");
    assertThat(page.getByLabel("Differences").locator("dd").last()).containsText(MARKUP + "3");
    assertNothingGotOut(page);
  }

  private static void assertNothingGotOut(Page page) {
    assertThat(page.locator("img, main script")).hasCount(0);
    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
  }

  /** Puts it in front of every text that a cluster or its agent chooses. */
  private static void everywhere(String hostile) {
    String texts = "namespace|reason|message|kind|path|wanted|live|manager|file|apiVersion";
    String json =
        Fixtures.text("deployments.json")
            .replaceAll("(\"(?:" + texts + ")\": \")", "$1" + quoted(hostile))
            .replaceAll(
                "(\"kind\": \"[^\"]*\",\\s+\"namespace\": \"[^\"]*\",\\s+\"name\": \")",
                "$1" + quoted(hostile))
            .replaceAll("(\"fields\": \\[\\s+\")", "$1" + quoted(hostile));
    DeploymentFixture.show(screen.api(), json);
  }

  private static String quoted(String hostile) {
    return Matcher.quoteReplacement(hostile);
  }
}
