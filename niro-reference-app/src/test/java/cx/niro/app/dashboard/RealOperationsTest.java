package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.sun.net.httpserver.HttpServer;
import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.agent.testkit.VirtualTrouble;
import cx.niro.app.access.TrustedProxies;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import cx.niro.server.jdbc.JdbcStores.Commits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What somebody does about trouble, with nothing replaced: browser, server, agent, receiver. */
class RealOperationsTest {
  @RegisterExtension static final Screen screen = new Screen();

  @BeforeAll
  static void be_patient() {
    PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
  }

  @AfterAll
  static void be_quick_again() {
    PlaywrightAssertions.setDefaultAssertionTimeout(5_000);
  }

  @Test
  void trouble_is_taken_care_of_silenced_and_told_and_a_token_is_shown_once() throws IOException {
    Queue<String> received = new ConcurrentLinkedQueue<>();
    HttpServer receiver = receiver(received);
    try (RunningServer server = RunningServer.start(settings());
        VirtualFleet fleet =
            VirtualFleet.builder(server.address().toString())
                .options(options -> options.proxy(null))
                .build()) {
      Page page = screen.withRealTime();
      setUp(page, server);
      fleet.add(
          VirtualClusterSpec.of(3, 20).with(VirtualTrouble.crashLoop(Duration.ofMinutes(-25), 1)),
          add(page));
      takeCare(page);
      silence(page);
      endSilence(page);
      addChannel(page, "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
      assertThat(received).anyMatch(body -> body.contains("incidents.test"));
      token(page);
    } finally {
      receiver.stop(0);
    }
  }

  private static ServerSettings settings() {
    return new ServerSettings(
        "127.0.0.1",
        0,
        null,
        null,
        Commits.SYNCHRONOUS,
        null,
        null,
        new ServerSettings.Windows(
            Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofMinutes(2)),
        null,
        Duration.ZERO,
        TrustedProxies.NONE,
        new ServerSettings.Notify(null, List.of("127.0.0.1")),
        Set.of());
  }

  private static HttpServer receiver(Queue<String> received) throws IOException {
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    receiver.createContext(
        "/hook",
        exchange -> {
          received.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    return receiver;
  }

  private static void setUp(Page page, RunningServer server) {
    String code = server.access().newSetupCode().orElseThrow();
    page.navigate(server.address().resolve("/setup#code=" + code).toString());
    page.getByLabel("E-mail").fill("anna@example.com");
    page.getByLabel("Password").fill("correct horse battery");
    button(page, "Create user").click();
  }

  private static String add(Page page) {
    button(page, "Add your first cluster").click();
    page.getByRole(AriaRole.DIALOG).getByLabel("Name").fill("berlin-edge-1");
    button(page, "Create and show the command").click();
    String token = page.getByLabel("Enrollment token").innerText();
    page.getByRole(AriaRole.DIALOG).getByText("Close").click();
    return token;
  }

  private static void takeCare(Page page) {
    navigate(page, "Incidents");
    Locator link =
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Pod crash looping"));
    assertThat(link).isVisible();
    link.click();
    page.getByLabel("Take care of it").fill("reading its log");
    button(page, "Acknowledge").click();
    assertThat(page.getByText("anna@example.com takes care of it")).isVisible();
    assertThat(page.getByText("Acknowledged by anna@example.com")).isVisible();
    button(page, "Take back").click();
    assertThat(button(page, "Acknowledge")).isVisible();
  }

  private static void silence(Page page) {
    page.getByLabel("Reason").fill("new disks");
    button(page, "Silence").click();
    assertThat(page.getByText("Silenced until")).isVisible();
    page.keyboard().press("Escape");
    assertThat(page.getByText("silent until")).isVisible();
  }

  private static void endSilence(Page page) {
    navigate(page, "Silences");
    assertThat(page.getByText("new disks")).isVisible();
    button(page, "End now").click();
    button(page, "Really end now").click();
    assertThat(page.getByText("None. Everything that is found is told.")).isVisible();
  }

  private static void addChannel(Page page, String url) {
    navigate(page, "Channels");
    button(page, "Add your first channel").click();
    Locator dialog = page.locator("niro-dialog");
    dialog.getByLabel("Name").fill("tickets");
    dialog.getByLabel("Address").fill(url);
    button(page, "Generate").click();
    button(page, "Add channel").last().click();
    assertThat(dialog).hasCount(0);
    button(page, "Test").click();
    assertThat(page.getByText("The test message was sent.")).isVisible();
  }

  private static void token(Page page) {
    navigate(page, "Access");
    button(page, "New token").click();
    page.locator("niro-dialog").getByLabel("Name").fill("ci");
    button(page, "Make token").click();
    Locator secret = page.getByLabel("API token", new Page.GetByLabelOptions().setExact(true));
    assertThat(secret).isVisible();
    String shown = secret.innerText();
    button(page, "Done").click();
    page.reload();
    assertThat(page.getByText("ci", new Page.GetByTextOptions().setExact(true))).isVisible();
    assertThat(page.getByText(shown)).hasCount(0);
  }

  private static void navigate(Page page, String entry) {
    page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Main"))
        .getByText(entry)
        .first()
        .click();
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }
}
