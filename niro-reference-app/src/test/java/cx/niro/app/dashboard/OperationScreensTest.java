package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Findings, silences, channels and access. */
class OperationScreensTest {
  @RegisterExtension static final Screen screen = new Screen();

  @Test
  void findings_are_grouped_by_rule_with_the_fix_and_exempt_ones_folded_with_their_reason() {
    Page page = screen.open("/findings");
    assertThat(page.getByText("6 findings, 2 exempt.")).isVisible();
    Locator limits = group(page, "missing-resource-limits");
    limits.locator("summary").first().click();

    assertThat(limits.getByText("Fix: Set resources.limits of memory")).hasCount(1);
    assertThat(limits.locator("li")).hasCount(2);
    screen.pass(5);
    limits.getByText("Evidence").first().click();
    assertThat(limits.getByText("bridge", new Locator.GetByTextOptions().setExact(true)))
        .isVisible();

    Locator exempt = group(page, "A k3s load balancer, made this way");
    exempt.locator("summary").click();
    assertThat(exempt.getByText("svclb-traefik")).isVisible();
  }

  @Test
  void findings_are_grouped_by_workload_and_filtered_by_the_server() {
    Page page = screen.open("/clusters/c-03/findings");
    button(page, "By workload").click();
    page.getByLabel("Namespace").selectOption("line");
    assertThat(page).hasURL("/clusters/c-03/findings?by=workload&namespace=line");
    screen.pass(5);
    assertThat(screen.api().last("GET /api/v1/clusters/c-03/findings").line())
        .contains("namespace=line");

    Locator bridge = group(page, "Deployment plc-bridge");
    assertThat(bridge.locator("summary")).containsText("4 findings");
    bridge.locator("summary").first().click();
    assertThat(bridge.getByText("Fix:")).hasCount(4);
  }

  @Test
  void chips_choose_the_kinds_of_the_timeline() {
    Page page = screen.open("/clusters/c-03/timeline");
    button(page, "Nodes").click();
    button(page, "Commands").click();
    screen.pass(5);

    assertThat(screen.api().last("GET /api/v1/clusters/c-03/timeline").line())
        .contains("kind=node_joined")
        .contains("kind=command_finished")
        .doesNotContain("incident_opened");
    button(page, "All").click();
    screen.pass(5);
    assertThat(screen.api().last("GET /api/v1/clusters/c-03/timeline").line())
        .doesNotContain("kind=");
  }

  @Test
  void silences_are_active_future_or_expired_and_end_now() {
    Page page = screen.open("/silences");
    assertThat(page.getByRole(AriaRole.REGION)).hasCount(3);
    Locator active = region(page, "Active");
    assertThat(active).containsText("Cluster oslo-store-114");
    assertThat(active).containsText("New router in the store");
    assertThat(region(page, "Future")).containsText("Environment staging");
    assertThat(button(page, "End now")).hasCount(1);

    screen.api().ok("DELETE /api/v1/silences/s-1", "{}");
    button(page, "End now").click();
    button(page, "Really end now").click();
    assertThat(button(page, "Really end now")).hasCount(0);
    assertThat(screen.api().count("DELETE /api/v1/silences/s-1")).isEqualTo(1);
  }

  @Test
  void a_maintenance_window_covers_environments_and_labels() {
    screen.api().on("POST /api/v1/silences", request -> new StubApi.Answer(201, "{}"));
    Page page = screen.open("/silences");
    button(page, "New silence or maintenance window").click();
    box(page, "Staging").check();
    page.getByLabel("Labels").fill("site=north");
    page.getByLabel("It begins later").check();
    page.getByLabel("From").fill("2026-11-25T22:00");
    page.getByLabel("Until").fill("2026-11-26T02:00");
    page.getByLabel("Reason").fill("new switch");
    button(page, "Create").click();

    assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
    assertThat(screen.api().last("POST").body())
        .isEqualTo(
            """
            {"matchers":{"environments":["staging"],"labels":{"site":"north"}},\
            "startsAt":"2026-11-25T22:00:00.000Z","endsAt":"2026-11-26T02:00:00.000Z",\
            "reason":"new switch"}""");
  }

  @Test
  void a_channel_is_added_with_the_settings_of_its_kind() {
    screen.api().on("POST /api/v1/channels", request -> new StubApi.Answer(201, "{}"));
    Page page = screen.open("/channels");
    button(page, "Add channel").click();
    Locator dialog = page.locator("niro-dialog");
    assertThat(dialog.getByLabel("Name")).isFocused();
    dialog.getByLabel("Name").fill("pager");
    dialog.getByLabel("Kind").selectOption("pagerduty");
    dialog.getByLabel("Routing key").fill("R0UT1NG");
    dialog.getByLabel("Minimum severity").selectOption("high");
    box(page, "Production").check();
    button(page, "Add channel").last().click();

    assertThat(dialog).hasCount(0);
    assertThat(screen.api().last("POST").body())
        .isEqualTo(
            """
            {"name":"pager","minimumSeverity":"high","selector":{"clusters":[],\
            "environments":["production"],"labels":{},"types":[]},\
            "settings":{"routingKey":"R0UT1NG"},"kind":"pagerduty"}""");
  }

  @Test
  void editing_a_channel_keeps_its_secrets_and_shows_none() {
    screen.api().ok("PATCH /api/v1/channels/ch-1", "{}");
    Page page = screen.open("/channels");
    button(page, "Edit").first().click();
    Locator dialog = page.locator("niro-dialog");
    assertThat(dialog.getByText("Kept as they are: url, to hooks.slack.com.")).isVisible();
    assertThat(dialog.getByLabel("Labels")).hasValue("site=north");
    dialog.getByLabel("Name").fill("ops-north");
    button(page, "Save").click();

    assertThat(dialog).hasCount(0);
    assertThat(screen.api().last("PATCH").body())
        .startsWith("{\"name\":\"ops-north\"")
        .doesNotContain("settings");
  }

  @Test
  void what_could_not_be_delivered_is_sent_again() {
    screen.api().ok("POST /api/v1/channels/ch-1/deliveries/d-1/retry", "{}");
    Page page = screen.open("/channels");
    button(page, "Deliveries").first().click();
    Locator dead =
        page.locator("niro-dialog")
            .locator("li", new Locator.LocatorOptions().setHasText("Undelivered"));
    assertThat(dead).containsText("The receiver answered 404");
    dead.getByRole(AriaRole.BUTTON).click();
    screen.pass(1);

    assertThat(screen.api().count("POST /api/v1/channels/ch-1/deliveries/d-1/retry")).isEqualTo(1);
  }

  @Test
  void somebody_who_may_not_see_users_sees_tokens() {
    screen.api().refuse("GET /api/v1/members", 403, "forbidden", "for admins");
    Page page = screen.open("/access");

    assertThat(region(page, "API tokens")).containsText("grafana");
    assertThat(region(page, "Users")).hasCount(0);
  }

  @Test
  void an_invitation_is_a_link_that_is_shown_once() {
    screen
        .api()
        .on(
            "POST /api/v1/members",
            request ->
                new StubApi.Answer(
                    201,
                    """
                    {"member": {"id": "u-3", "email": "eve@example.com", "role": "member", "state": "invited",
                      "createdAt": "2026-11-23T12:00:00Z"},
                     "invitation": {"path": "/setup#code=c0de&email=eve%40example.com", "expiresAt": "2026-11-30T12:00:00Z"}}"""));
    Page page = screen.open("/access");
    button(page, "Invite user").click();
    page.getByLabel("E-mail").fill("eve@example.com");
    button(page, "Make the link").click();

    assertThat(page.getByLabel("Invitation link")).containsText("/setup#code=c0de");
    button(page, "Done").click();
    assertThat(page.getByText("c0de")).hasCount(0);
    assertThat(button(page, "Invite user")).isFocused();
  }

  @Test
  void a_wrong_password_is_said_and_nothing_happens() {
    screen
        .api()
        .refuse("PUT /api/v1/members/me/password", 403, "forbidden", "the password is wrong");
    Page page = screen.open("/access");
    page.getByLabel("Current password").fill("nonsense");
    page.getByLabel("New password").fill("correct horse battery");
    button(page, "Change password").click();

    assertThat(page.getByText("the password is wrong")).isVisible();
    assertThat(page).hasURL("/access");
  }

  @ParameterizedTest
  @ValueSource(strings = {"findings", "silences", "channels", "access", "clusters/c-03/incidents"})
  void every_page_fits_a_small_screen(String path) {
    screen.page().setViewportSize(360, 740);
    Page page = screen.open("/" + path);
    assertThat(page.locator(".panel").first()).isVisible();
    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
  }

  private static Locator group(Page page, String text) {
    return page.locator("details.group", new Page.LocatorOptions().setHasText(text));
  }

  private static Locator region(Page page, String name) {
    return page.getByRole(
        AriaRole.REGION, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Locator box(Page page, String name) {
    return page.getByRole(AriaRole.CHECKBOX, new Page.GetByRoleOptions().setName(name));
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }
}
