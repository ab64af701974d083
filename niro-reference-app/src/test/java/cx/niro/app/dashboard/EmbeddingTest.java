package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page that {@code docs/dashboard.md} shows works as it stands there. */
class EmbeddingTest {
  @RegisterExtension static final Screen screen = new Screen();

  @Test
  void a_vendor_s_page_shows_the_fleet_with_his_headers_and_his_links() {
    Page page = screen.page();
    page.route("**/our-product", route -> route.fulfill(html(snippet())));
    screen.open("/our-product");

    assertThat(screen.row("factory-hall-7").locator("a.name"))
        .hasAttribute("href", "/our-product/sites/c-03");
    assertThat(screen.api().calls.get(0).csrf()).isEqualTo("our token");
    assertThat(screen.api().count("GET /app")).isZero();

    page.route("**/sites/c-03", route -> route.fulfill(html("<h1>Hall 7</h1>")));
    screen.row("factory-hall-7").locator("a.name").click();
    assertThat(page).hasURL("/our-product/sites/c-03");
  }

  private static Route.FulfillOptions html(String body) {
    return new Route.FulfillOptions().setContentType("text/html").setBody(body);
  }

  private static String snippet() {
    try {
      String text = Files.readString(Path.of("../docs/dashboard.md"));
      Matcher block = Pattern.compile("```html\n(.*?)```", Pattern.DOTALL).matcher(text);
      assertThat(block.find()).isTrue();
      return block.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
