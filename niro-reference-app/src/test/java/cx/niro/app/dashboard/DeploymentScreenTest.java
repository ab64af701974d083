package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static cx.niro.app.dashboard.DeploymentFixture.ALL;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is kept applied: how it is, what differs, and how it came to be so. */
class DeploymentScreenTest {
  private static final String TAB = "/clusters/c-01/deployments";

  @RegisterExtension static final Screen screen = new Screen();

  @Test
  void the_list_says_of_each_how_its_apply_ended_why_and_whether_it_drifted() {
    Page page = screen.open(TAB);
    assertThat(screen.row("gateway").locator("td"))
        .hasText(new String[] {"gatewayedge", "Succeeded", "", "Drifted", "3 h ago", "7"});
    assertThat(screen.row("shop").locator("td"))
        .hasText(
            new String[] {
              "shopshop", "Partial", "1 of 4 objects failed", "Not looked at", "19 h ago", "3"
            });
    assertThat(screen.row("monitoring")).containsText("Pending");
    assertThat(screen.row("legacy")).containsText("never");

    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("gateway")).click();
    assertThat(page).hasURL(TAB + "?deployment=gateway");
    page.goBack();
    assertThat(screen.row("shop")).isVisible();
  }

  @Test
  void an_apply_that_failed_in_part_tells_of_each_object_and_leads_to_the_incident() {
    Page page = screen.open(TAB + "?deployment=shop");
    Locator objects = page.getByLabel("Objects");
    assertThat(objects.getByText("1 failed, 1 skipped, 1 configured, 1 unchanged")).isVisible();
    Locator first = objects.locator("li").first();
    assertThat(first.locator(".badge")).hasText("Failed");
    assertThat(first).containsText("Deployment shop/cart");
    assertThat(first).containsText("containers[0].image: Required value");
    assertThat(first).containsText("shop.yaml, document 3, line 21");
    assertThat(objects.locator("li").nth(1)).containsText("it belongs to the deployment front");

    page.getByText("Apply of managed deployment shop failed in part").click();
    assertThat(page).hasURL("/clusters/c-01/incidents?incident=i-9");
  }

  @Test
  void drift_says_what_is_wanted_what_is_there_and_who_changed_it_and_is_taken_back() {
    Page page = screen.open(TAB + "?deployment=gateway");
    Locator drift = page.getByLabel("Drift");
    assertThat(drift.getByText("2 objects of 3 differ.")).isVisible();
    Locator replicas = drift.locator(".change").first();
    assertThat(replicas).containsText("/spec/replicas changed by kubectl-edit");
    assertThat(replicas.locator("dd")).hasText(new String[] {"2", "5"});
    assertThat(drift.locator("li").filter(with("ConfigMap edge/routes"))).containsText("Missing");
    assertThat(drift.getByText("1 field left to others")).isVisible();

    String reverted = DeploymentFixture.one("gateway", "\"drifted\"", "\"in_sync\"");
    inSyncAfter("POST " + ALL + "/gateway/apply", reverted.replace("\"modified\"", "\"in_sync\""));
    button(page, "Revert").click();

    assertThat(page.locator(".title").getByText("In sync")).isVisible();
    assertThat(button(page, "Revert")).hasCount(0);
    assertThat(screen.api().last("POST " + ALL).body()).isEqualTo("{}");
    assertThat(screen.api().last("GET " + DeploymentFixture.CLUSTER + "/commands/").line())
        .endsWith("/k-28?waitSeconds=30");
  }

  private static void inSyncAfter(String call, String json) {
    screen
        .api()
        .on(
            call,
            request -> {
              DeploymentFixture.show(screen.api(), Fixtures.list(json));
              return new StubApi.Answer(202, json);
            });
  }

  @Test
  void somebody_looks_for_drift_and_learns_why_there_is_no_answer() {
    command("POST " + ALL + "/shop/diff", "k-40");
    screen
        .api()
        .ok(
            "GET " + DeploymentFixture.CLUSTER + "/commands/k-40",
            DeploymentFixture.command("k-40", "expired", "the agent did not take it in time"));
    Page page = screen.open(TAB + "?deployment=shop");
    assertThat(page.getByLabel("Drift").getByText("Nobody has looked yet.")).isVisible();
    button(page, "Look for drift").click();

    assertThat(page.getByText("The comparison ended expired: the agent did not take it in time"))
        .isVisible();
  }

  private static void command(String call, String id) {
    String json = DeploymentFixture.command(id, "pending", null);
    screen.api().on(call, request -> new StubApi.Answer(202, json));
  }

  @Test
  void the_history_has_results_and_what_differs_between_two_revisions() {
    Page page = screen.open(TAB + "?deployment=shop");
    Locator history = page.getByLabel("History");
    assertThat(history.locator("li.entry .badge"))
        .hasText(new String[] {"Partial", "Succeeded", "Succeeded"});
    history.getByText("3 objects").last().click();
    assertThat(history.getByText("3 created")).isVisible();

    history.getByRole(AriaRole.BUTTON, named("Compare")).click();
    Locator differences = page.getByLabel("Differences");
    assertThat(differences).containsText("4 objects differ between revision 2 and revision 3");
    assertThat(change(differences, "/spec/template/spec/containers/[cart]/image").locator("dd"))
        .hasText(new String[] {"\"cart:1.4\"", "\"cart:1.5\""});
    assertThat(change(differences, "/stringData/password")).containsText("niro-hash:5b1f");
    assertThat(differences.locator(".rows > li").filter(with("Ingress"))).containsText("Added");
    assertThat(change(differences, "the whole object").locator("dd").last())
        .hasText(Pattern.compile("^\\{\n  \"apiVersion\": \"networking", Pattern.MULTILINE));
    Locator file = change(differences, "/data/cart.conf");
    assertThat(file).containsText("workers 2");
    assertThat(file).containsText("workers 4");
    assertThat(file.getByText("retries 2")).hasCount(0);
    assertThat(file.getByText("… 2 more alike")).hasCount(2);

    page.getByLabel("Compare revision").selectOption("1");
    history.getByRole(AriaRole.BUTTON, named("Compare")).click();
    assertThat(differences).containsText("between revision 1 and revision 3");
    screen.pass(10);
    assertThat(screen.api().count("GET " + ALL + "/shop/history/3")).isEqualTo(1);
  }

  @Test
  void what_is_long_is_loaded_again_only_when_something_changed() {
    Page page = screen.open(TAB + "?deployment=shop");
    assertThat(page.getByLabel("Objects").locator("li")).hasCount(4);
    screen.pass(15);
    assertThat(screen.api().calls)
        .filteredOn(call -> call.line().equals("GET " + ALL + "/shop"))
        .hasSize(1);

    DeploymentFixture.show(
        screen.api(), Fixtures.list(DeploymentFixture.one("shop", "\"partial\"", "\"succeeded\"")));
    screen.pass(5);
    assertThat(page.locator(".title").getByText("Succeeded")).isVisible();
  }

  @Test
  void an_older_revision_is_applied_again_with_what_was_chosen() {
    String json = DeploymentFixture.one("shop", "\"revision\":3", "\"revision\":4");
    inSyncAfter("POST " + ALL + "/shop/rollback", json);
    Page page = screen.open(TAB + "?deployment=shop");
    button(page, "Roll back to revision 2").click();
    assertThat(page.getByText("The manifests of revision 2 become a new revision")).isVisible();
    page.getByLabel("Remove data too").check();
    page.locator("niro-dialog").getByRole(AriaRole.BUTTON, named("Roll back")).click();

    assertThat(page.getByText("Revision 4")).isVisible();
    assertThat(screen.api().last("POST " + ALL).body())
        .isEqualTo("{\"revision\":2,\"removeData\":true}");
  }

  @Test
  void fields_that_only_kubectl_owns_can_be_taken_over() {
    inSyncAfter(
        "POST " + ALL + "/legacy/apply",
        DeploymentFixture.one("legacy", "\"taken\":false", "\"taken\":true", "k-30", "k-33"));
    Page page = screen.open(TAB + "?deployment=legacy");
    assertThat(page.getByLabel("Conflicts"))
        .containsText("Deployment default/legacy owned by kubectl-client-side-apply");
    button(page, "Take over from kubectl").click();

    assertThat(page.getByLabel("Conflicts")).hasCount(0);
    assertThat(screen.api().last("POST " + ALL).body()).isEqualTo("{\"adopt\":true}");
  }

  @Test
  void fields_of_another_controller_are_not_offered_as_kubectls() {
    DeploymentFixture.show(
        screen.api(),
        Fixtures.list(
            DeploymentFixture.one(
                "legacy", "kubectl-client-side-apply\",\"fields", "argocd\",\"fields")));
    Page page = screen.open(TAB + "?deployment=legacy");

    assertThat(page.getByLabel("Conflicts")).containsText("These fields are set by others.");
    assertThat(button(page, "Take over from kubectl")).hasCount(0);
  }

  @Test
  void a_pending_apply_can_be_cancelled() {
    String cancelled =
        DeploymentFixture.one(
            "monitoring", "\"pending\",\"reason\":null", "\"failed\",\"reason\":\"cancelled\"");
    inSyncAfter("DELETE " + DeploymentFixture.CLUSTER + "/commands/k-32", cancelled);
    Page page = screen.open(TAB + "?deployment=monitoring");
    assertThat(page.getByText("Waiting for the agent…")).isVisible();
    button(page, "Cancel the apply").click();

    assertThat(page.locator(".title").getByText("Failed")).isVisible();
    assertThat(page.getByText("Cancelled", new Page.GetByTextOptions().setExact(true))).isVisible();
  }

  @Test
  void what_is_there_no_longer_is_said_to_be_gone() {
    Page page = screen.open(TAB + "?deployment=nothing");

    assertThat(page.getByText("There is no deployment nothing")).isVisible();
  }

  @Test
  void everything_can_be_reached_and_left_with_the_keyboard() {
    Page page = screen.open(TAB);
    Locator link = page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("shop"));
    link.focus();
    page.keyboard().press("Enter");
    Locator again = button(page, "Apply again…");
    again.focus();
    page.keyboard().press("Enter");
    assertThat(page.locator("niro-dialog").getByRole(AriaRole.BUTTON, named("Apply again")))
        .isFocused();
    page.keyboard().press("Escape");
    assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
    assertThat(again).isFocused();
  }

  @Test
  void it_fits_a_small_screen() {
    screen.page().setViewportSize(400, 780);
    for (String path :
        List.of(
            TAB,
            TAB + "?deployment=shop",
            TAB + "?deployment=gateway",
            TAB + "?deployment=legacy")) {
      Page page = screen.open(path);
      assertThat(page.locator(".badge").first()).isVisible();
      assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
          .as(path)
          .isEqualTo(true);
    }
  }

  private static Locator change(Locator differences, String path) {
    return differences.locator(".change").filter(with(path));
  }

  private static Locator.FilterOptions with(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }

  private static Locator.GetByRoleOptions named(String name) {
    return new Locator.GetByRoleOptions().setName(name).setExact(true);
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }
}
