package cx.niro.app.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Clock;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A fresh page of a real browser and a stub server for every test. Time stands still at {@link
 * StubApi#NOON} on both until the test lets it pass. A script error or a breach of the content
 * security policy fails the test.
 */
final class Screen implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(Screen.class);
  private static final String TELL_BREACHES =
      "addEventListener('securitypolicyviolation',"
          + " e => console.error('breach of ' + e.violatedDirective + ' by ' + e.blockedURI))";

  private Chromium chromium;
  private StubServer server;
  private BrowserContext context;
  private Page page;
  private Instant now;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  @Override
  public void beforeAll(ExtensionContext test) {
    if (Chromium.path().isEmpty()) {
      String why = "no Chromium on this machine: dashboard not tested (NIRO_CHROMIUM names one)";
      assertThat(System.getenv("NIRO_REQUIRE_CHROMIUM")).as(why).isNotEqualTo("1");
      Assumptions.abort(why);
    }
    chromium =
        test.getRoot()
            .getStore(OURS)
            .computeIfAbsent("chromium", key -> Chromium.start(), Chromium.class);
  }

  @Override
  public void beforeEach(ExtensionContext test) {
    server = new StubServer(0);
    browserClock(StubApi.NOON);
  }

  /** Starts over with a browser whose clock shows this. */
  void browserClock(Instant clock) {
    newPage();
    page.clock().install(new Clock.InstallOptions().setTime(clock.minusSeconds(1).toString()));
    page.clock().pauseAt(clock.toString());
  }

  /** Starts over with a browser in which time passes by itself. */
  Page withRealTime() {
    newPage();
    return page;
  }

  private void newPage() {
    if (context != null) {
      context.close();
    }
    now = StubApi.NOON;
    context =
        chromium
            .browser()
            .newContext(
                new Browser.NewContextOptions()
                    .setBaseURL(server.url().toString())
                    .setViewportSize(1280, 720)
                    .setTimezoneId("UTC")
                    .setPermissions(List.of("clipboard-read", "clipboard-write")));
    context.addInitScript(TELL_BREACHES);
    page = context.newPage();
    page.setDefaultTimeout(10_000);
    page.onConsoleMessage(this::listen);
    page.onPageError(complaints::add);
    page.onDialog(dialog -> complaints.add("dialog: " + dialog.message()));
  }

  private void listen(ConsoleMessage message) {
    boolean refusedByTest = message.text().startsWith("Failed to load resource");
    if (message.type().equals("error") && !refusedByTest) {
      complaints.add(message.text());
    }
  }

  @Override
  public void afterEach(ExtensionContext test) {
    context.close();
    context = null;
    server.close();
    List<String> heard = List.copyOf(complaints);
    complaints.clear();
    assertThat(heard).as("errors in the browser").isEmpty();
  }

  /** What the browser complained about, once there is something; the test then goes on. */
  String complaint() {
    page.waitForCondition(() -> !complaints.isEmpty());
    String all = String.join("\n", complaints);
    complaints.clear();
    return all;
  }

  Page page() {
    return page;
  }

  StubApi api() {
    return server.api;
  }

  Page open(String path) {
    page.navigate(path);
    return page;
  }

  /** Lets so many seconds pass for the server and the browser. */
  void pass(int seconds) {
    for (int second = 0; second < seconds; second++) {
      now = now.plusSeconds(1);
      server.api.time(now);
      page.clock().runFor(1000);
    }
  }

  /** The row of a table in which this text is. */
  Locator row(String text) {
    return page.locator("tbody tr", new Page.LocatorOptions().setHasText(text));
  }
}
