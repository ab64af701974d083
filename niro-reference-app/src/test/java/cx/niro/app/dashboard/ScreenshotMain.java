package cx.niro.app.dashboard;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Takes the pictures of the documentation from a server that runs: {@code ScreenshotMain LINK FILE
 * [PATH] [light|dark] [WIDTH] [HEIGHT]}. LINK is the login link that the server printed, or its
 * address when nobody has to log in; PATH is the screen, by default the fleet.
 */
final class ScreenshotMain {
  private ScreenshotMain() {}

  public static void main(String[] arguments) {
    String link = arguments[0];
    Path file = Path.of(arguments[1]);
    String path = argument(arguments, 2, "/");
    ColorScheme scheme =
        ColorScheme.valueOf(argument(arguments, 3, "light").toUpperCase(Locale.ROOT));
    int width = Integer.parseInt(argument(arguments, 4, "1280"));
    int height = Integer.parseInt(argument(arguments, 5, "800"));
    try (Chromium chromium = Chromium.start()) {
      Browser.NewContextOptions options =
          new Browser.NewContextOptions().setViewportSize(width, height).setColorScheme(scheme);
      try (BrowserContext context = chromium.browser().newContext(options)) {
        Page page = context.newPage();
        page.onConsoleMessage(message -> System.err.println(message.text()));
        page.onPageError(System.err::println);
        page.navigate(link);
        page.waitForURL(url -> !url.contains("/login"));
        page.navigate(URI.create(link).resolve(path).toString());
        page.waitForLoadState(LoadState.NETWORKIDLE);
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
      }
    }
  }

  private static String argument(String[] arguments, int index, String other) {
    return arguments.length > index ? arguments[index] : other;
  }
}
