package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole way with nothing replaced: browser, server, agent. */
class RealServerTest {
  private static final ServerSettings SETTINGS =
      new ServerSettings(
          "127.0.0.1",
          0,
          null,
          null,
          null,
          new ServerSettings.Windows(
              Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofMinutes(2)),
          null,
          Duration.ZERO);

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
  void a_new_server_is_set_up_and_a_cluster_added_seen_and_deleted() {
    try (RunningServer server = RunningServer.start(SETTINGS);
        VirtualFleet fleet =
            VirtualFleet.builder(server.address().toString())
                .options(options -> options.proxy(null))
                .build()) {
      Page page = screen.withRealTime();
      setUp(page, server);
      String token = add(page);
      fleet.add(VirtualClusterSpec.of(3, 40), token);
      see(page);
      delete(page);
    }
  }

  private static void setUp(Page page, RunningServer server) {
    String code = server.access().newSetupCode().orElseThrow();
    page.navigate(server.address().resolve("/setup#code=" + code).toString());
    page.getByLabel("E-mail").fill("anna@example.com");
    page.getByLabel("Password").fill("correct horse battery");
    button(page, "Create user").click();
    assertThat(page.getByText("No cluster yet")).isVisible();
  }

  private static String add(Page page) {
    button(page, "Add your first cluster").click();
    page.getByRole(AriaRole.DIALOG).getByLabel("Name").fill("berlin-edge-1");
    button(page, "Create and show the command").click();
    return page.getByLabel("Enrollment token").innerText();
  }

  private static void see(Page page) {
    assertThat(page.getByText("The first heartbeat has arrived.")).isVisible();
    button(page, "Open cluster").click();
    assertThat(page.locator("tbody tr")).hasCount(3);
    assertThat(page.getByRole(AriaRole.METER).first()).isVisible();
    link(page, "Workloads").click();
    assertThat(page.locator("tfoot td").last()).hasText("40");
    link(page, "Timeline").click();
    assertThat(page.locator("li", new Page.LocatorOptions().setHasText("Enrolled"))).isVisible();
    link(page, "Pods").click();
    assertThat(page.getByRole(AriaRole.STATUS).first()).hasText("40");
  }

  private static void delete(Page page) {
    link(page, "Fleet").click();
    link(page, "berlin-edge-1").click();
    link(page, "Settings").click();
    page.getByLabel("Type berlin-edge-1 to confirm").fill("berlin-edge-1");
    button(page, "Delete cluster").click();
    assertThat(page.getByText("is no longer part of the fleet")).isVisible();
    link(page, "To the fleet").click();
    assertThat(page.getByText("No cluster yet")).isVisible();
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
  }

  private static Locator link(Page page, String name) {
    return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
  }
}
