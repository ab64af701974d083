package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static cx.niro.app.dashboard.DeploymentFixture.ALL;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Manifests on their way into a cluster, and who may send them. */
class DeploymentFormTest {
  private static final String TAB = "/clusters/c-01/deployments";
  private static final String FINDINGS =
      """
      "findings":[{"rule":"privileged-container","scope":"ns/shop/Deployment/cart","severity":"high","message":"container cart is privileged","fix":"set privileged to false","evidence":{}}]""";

  @RegisterExtension static final Screen screen = new Screen();

  @Test
  void files_and_pasted_manifests_are_applied_and_what_policies_say_is_shown() {
    screen
        .api()
        .on(
            "POST " + ALL,
            request ->
                new StubApi.Answer(
                    201, DeploymentFixture.one("shop", "\"findings\":null", FINDINGS)));
    Page page = screen.open(TAB);
    button(page, "Apply manifests…").click();
    page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("shop");
    page.getByPlaceholder("default").fill("shop");
    page.getByLabel("Files").setInputFiles(file("web.yaml", "kind: Väter\n"));
    assertThat(page.getByText("1 file, 13 B: web.yaml")).isVisible();
    page.getByLabel("Or pasted").fill("kind: Pasted");
    page.getByLabel("Take fields over from kubectl").check();
    button(page, "Apply").click();

    assertThat(page).hasURL(TAB + "?deployment=shop");
    assertThat(page.getByLabel("What policies say"))
        .containsText("Privileged container Deployment cart · namespace shop");
    assertThat(page.getByLabel("What policies say")).containsText("Fix: Set privileged to false");
    assertThat(screen.api().last("POST " + ALL).body())
        .isEqualTo(
            "{\"name\":\"shop\",\"namespace\":\"shop\",\"manifests\":[{\"file\":\"web.yaml\",\"text\":\"kind: Väter\\n\"},"
                + "\"kind: Pasted\"],\"adopt\":true}");
    page.goBack();
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("shop")).click();
    assertThat(page.getByLabel("Objects")).isVisible();
    assertThat(page.getByLabel("What policies say")).hasCount(0);
  }

  @Test
  void what_is_wrong_with_manifests_is_told_beside_them_and_nothing_typed_is_lost() {
    screen
        .api()
        .refuse(
            "POST " + ALL,
            422,
            "invalid_field",
            "manifests: web.yaml, document 2, line 9: kind is required");
    Page page = screen.open(TAB);
    button(page, "Apply manifests…").click();
    page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("shop");
    button(page, "Apply").click();
    assertThat(page.getByRole(AriaRole.ALERT)).hasText("Choose files, or paste manifests.");
    page.getByLabel("Or pasted").fill("a: b");
    button(page, "Apply").click();

    assertThat(page.getByRole(AriaRole.ALERT))
        .hasText("manifests: web.yaml, document 2, line 9: kind is required");
    assertThat(page.getByLabel("Or pasted")).hasValue("a: b");
  }

  @Test
  void a_file_that_is_no_text_or_too_large_is_not_sent() {
    Page page = screen.open(TAB);
    button(page, "Apply manifests…").click();
    page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("shop");
    page.getByLabel("Files")
        .setInputFiles(
            new FilePayload("logo.png", "image/png", new byte[] {(byte) 0x89, 'P', (byte) 0xff}));
    button(page, "Apply").click();
    assertThat(page.getByRole(AriaRole.ALERT)).hasText("logo.png cannot be read as UTF-8 text.");

    page.getByLabel("Files").setInputFiles(file("all.yaml", "x".repeat(4 * 1024 * 1024)));
    button(page, "Apply").click();
    assertThat(page.getByRole(AriaRole.ALERT)).hasText("The files have 4 MiB; 3 MiB is the most.");
    assertThat(screen.api().count("POST")).isZero();
  }

  @Test
  void other_manifests_keep_whom_fields_are_left_to() {
    screen
        .api()
        .ok(
            "PUT " + ALL + "/gateway",
            DeploymentFixture.one("gateway", "\"findings\":null", FINDINGS));
    Page page = screen.open(TAB + "?deployment=gateway");
    button(page, "Other manifests…").click();
    page.getByLabel("Or pasted").fill("kind: Pasted");
    page.getByLabel("Take fields over from anybody").check();
    button(page, "Apply").click();

    assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
    assertThat(screen.api().last("PUT").body())
        .isEqualTo(
            "{\"manifests\":[\"kind: Pasted\"],\"forceConflicts\":true,\"cedeTo\":[\"kube-controller-manager\"]}");
    button(page, "Hide").click();
    assertThat(page.getByLabel("What policies say")).hasCount(0);
  }

  @Test
  void deleting_removes_objects_and_forgetting_leaves_them() {
    String command = DeploymentFixture.command("k-41", "pending", null);
    screen
        .api()
        .on(
            "DELETE " + ALL + "/shop",
            request ->
                request.getParameter("forget") == null
                    ? new StubApi.Answer(202, command)
                    : new StubApi.Answer(204, ""));
    Page page = screen.open(TAB + "?deployment=shop");
    button(page, "Delete…").click();
    page.getByLabel("Remove data too").check();
    button(page, "Delete deployment").click();
    assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
    assertThat(screen.api().last("DELETE").line()).endsWith("/shop?removeData=true");

    button(page, "Delete…").click();
    page.getByLabel("Only forget it").check();
    button(page, "Delete deployment").click();
    assertThat(page).hasURL(TAB);
    assertThat(screen.api().last("DELETE").line()).endsWith("/shop?forget=true");
  }

  @Test
  void a_viewer_sees_all_of_it_and_can_do_nothing() {
    screen.api().ok("GET /app/session", StubApi.session("vera@example.com", "viewer", "read"));
    Page page = screen.open(TAB);
    assertThat(screen.row("shop")).isVisible();
    assertThat(button(page, "Apply manifests…")).hasCount(0);
    for (String name : new String[] {"shop", "gateway", "legacy", "monitoring"}) {
      screen.open(TAB + "?deployment=" + name);
      assertThat(page.getByLabel("History").locator("li").first()).isVisible();
      assertThat(page.locator("niro-deployment").getByRole(AriaRole.BUTTON).allInnerTexts())
          .as(name)
          .isSubsetOf("Compare");
    }
  }

  @Test
  void where_the_agent_may_not_apply_the_command_is_shown_that_grants_it() {
    screen
        .api()
        .ok("GET /api/v1/clusters/c-03/deployments", Fixtures.list(DeploymentFixture.one("shop")));
    screen.api().ok("GET /api/v1/clusters/c-03/deployments/shop", DeploymentFixture.one("shop"));
    screen.api().ok("GET /api/v1/clusters/c-03/deployments/shop/history", Fixtures.list());
    Page page = screen.open("/clusters/c-03/deployments");

    assertThat(page.getByText("The agent of factory-hall-7 may not change objects")).isVisible();
    assertThat(page.locator("pre.grant"))
        .hasText(
            "curl -fsSL '"
                + page.evaluate("location.origin")
                + "/install.sh' | sudo env NIRO_ENABLE_APPLY=1 sh");
    assertThat(button(page, "Apply manifests…")).hasCount(0);
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("shop")).click();
    assertThat(page.locator("niro-deployment").getByRole(AriaRole.BUTTON))
        .hasText(new String[] {"Forget…"});
  }

  private static FilePayload file(String name, String text) {
    return new FilePayload(name, "text/yaml", text.getBytes(StandardCharsets.UTF_8));
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }
}
