package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import cx.niro.agent.NiroAgent;
import cx.niro.agent.kubernetes.KubernetesAgent;
import cx.niro.agent.testkit.FakeKubernetes;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Manifests, drift and its end with a real server and the Kubernetes agent before a stand-in API
 * server.
 */
class RealDeploymentTest {
  private static final ServerSettings SETTINGS =
      new ServerSettings(
          "127.0.0.1",
          0,
          null,
          null,
          null,
          new ServerSettings.Windows(
              Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(2)),
          null,
          Duration.ZERO);
  private static final String WEB =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data: {color: COLOR}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: web}
      stringData: {password: hunter2}
      """;

  @RegisterExtension static final Screen screen = new Screen();

  @TempDir Path folder;

  @BeforeAll
  static void be_patient() {
    PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
  }

  @AfterAll
  static void be_quick_again() {
    PlaywrightAssertions.setDefaultAssertionTimeout(5_000);
  }

  @Test
  void what_fails_in_part_is_told_drift_is_seen_and_reverted_and_a_revision_rolled_back()
      throws IOException {
    try (RunningServer server = RunningServer.start(SETTINGS);
        FakeKubernetes kubernetes = FakeKubernetes.start()) {
      Page page = screen.withRealTime();
      setUp(page, server);
      try (NiroAgent agent = agent(server, kubernetes, addCluster(page))) {
        open(page);
        kubernetes.forbid("patch", "secrets");
        apply(page, WEB.replace("COLOR", "blue"));
        seeWhatFailed(page);
        kubernetes.allow("patch", "secrets");
        applyAgain(page);
        seeDriftAndRevert(page, kubernetes);
        changeAndRollBack(page);
        delete(page);
        assertThat(kubernetes.get("ConfigMap", "shop", "web")).isNull();
      }
    }
  }

  private static void setUp(Page page, RunningServer server) {
    String code = server.access().newSetupCode().orElseThrow();
    page.navigate(server.address().resolve("/setup#code=" + code).toString());
    page.getByLabel("E-mail").fill("anna@example.com");
    page.getByLabel("Password").fill("correct horse battery");
    button(page, "Create user").click();
  }

  private static String addCluster(Page page) {
    button(page, "Add your first cluster").click();
    page.getByRole(AriaRole.DIALOG).getByLabel("Name").fill("berlin-edge-1");
    button(page, "Create and show the command").click();
    return page.getByLabel("Enrollment token").innerText();
  }

  private NiroAgent agent(RunningServer server, FakeKubernetes kubernetes, String token)
      throws IOException {
    kubernetes.put(
        "{'kind':'Secret','metadata':{'name':'niro-agent','namespace':'niro-system'},'data':{}}");
    kubernetes.put("{'kind':'Namespace','metadata':{'name':'niro-system'}}");
    Path config = Files.writeString(folder.resolve("config"), kubernetes.kubeconfig());
    Map<String, String> environment = new HashMap<>();
    environment.put("NIRO_SERVER", server.address().toString());
    environment.put("KUBECONFIG", config.toString());
    environment.put("NIRO_ENABLE_APPLY", "1");
    environment.put("NIRO_TOKEN", token);
    return KubernetesAgent.fromEnvironment(environment).proxy(null).start();
  }

  private static void open(Page page) {
    assertThat(page.getByText("The first heartbeat has arrived.")).isVisible();
    button(page, "Open cluster").click();
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Deployments").setExact(true))
        .click();
    assertThat(page.getByText("None yet.")).isVisible();
  }

  private static void apply(Page page, String manifests) {
    button(page, "Apply manifests…").click();
    page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("web");
    page.getByPlaceholder("default").fill("shop");
    page.getByLabel("Or pasted").fill(manifests);
    button(page, "Apply").click();
  }

  private static void seeWhatFailed(Page page) {
    assertThat(status(page).getByText("Partial")).isVisible();
    assertThat(page.getByLabel("Objects").getByText("1 failed, 2 created")).isVisible();
    assertThat(page.getByLabel("Objects").locator("li").first())
        .containsText("Failed Secret shop/web");
    assertThat(page.getByText("is an open incident.")).isVisible();
  }

  private static void applyAgain(Page page) {
    button(page, "Apply again…").click();
    button(page, "Apply again").click();
    assertThat(status(page).getByText("Succeeded")).isVisible();
    assertThat(page.getByLabel("Objects").getByText("1 created, 2 unchanged")).isVisible();
    assertThat(page.getByText("is an open incident.")).hasCount(0);
  }

  private static void seeDriftAndRevert(Page page, FakeKubernetes kubernetes) {
    kubernetes.put(
        "{'kind':'ConfigMap','metadata':{'name':'web','namespace':'shop'},'data':{'color':'green'}}");
    button(page, "Look for drift").click();
    Locator color =
        page.getByLabel("Drift")
            .locator(".change")
            .filter(new Locator.FilterOptions().setHasText("/data/color"));
    assertThat(color.locator("dd")).hasText(new String[] {"\"blue\"", "\"green\""});
    assertThat(status(page).getByText("Drifted")).isVisible();
    assertThat(page.locator("body")).not().containsText("hunter2");

    button(page, "Revert").click();
    assertThat(status(page).getByText("In sync")).isVisible();
    assertThat(kubernetes.get("ConfigMap", "shop", "web")).contains("blue");
  }

  private static void changeAndRollBack(Page page) {
    button(page, "Other manifests…").click();
    page.getByLabel("Or pasted").fill(WEB.replace("COLOR", "red"));
    button(page, "Apply").click();
    assertThat(page.getByLabel("Objects").getByText("1 configured, 2 unchanged")).isVisible();
    button(page, "Compare").click();
    assertThat(page.getByLabel("Differences").locator("dd").first()).hasText("\"blue\"");
    button(page, "Roll back to revision 1").first().click();
    page.locator("niro-dialog").getByText("Roll back", exact()).last().click();
    assertThat(page.getByText("Revision 3").first()).isVisible();
    assertThat(status(page).getByText("Succeeded")).isVisible();
  }

  private static Locator.GetByTextOptions exact() {
    return new Locator.GetByTextOptions().setExact(true);
  }

  private static void delete(Page page) {
    button(page, "Delete…").click();
    button(page, "Delete deployment").click();
    assertThat(page.getByText("There is no deployment web")).isVisible();
  }

  private static Locator status(Page page) {
    return page.locator("niro-deployment .title");
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }
}
