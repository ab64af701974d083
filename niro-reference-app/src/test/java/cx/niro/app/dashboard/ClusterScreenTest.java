package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClusterScreenTest {
  @RegisterExtension static final Screen screen = new Screen();

  @Test
  void a_row_of_the_fleet_leads_to_the_cluster_and_back() {
    Page page = screen.open("/");
    link(page, "factory-hall-7").click();
    assertThat(page.getByRole(AriaRole.HEADING).first()).hasText("factory-hall-7");
    assertThat(page).hasTitle("factory-hall-7 · Niro");

    page.goBack();
    assertThat(screen.row("berlin-edge-1")).isVisible();
    assertThat(page).hasTitle("Niro");
  }

  @Test
  void the_overview_has_nodes_usage_and_open_incidents_with_evidence() {
    Page page = screen.open("/clusters/c-03/overview");

    Locator busy = screen.row("pi-2");
    assertThat(busy.locator(".badge")).hasText("Ready");
    assertThat(busy.getByRole(AriaRole.METER).first()).hasAttribute("aria-valuenow", "87");
    assertThat(busy.locator(".cpu")).hasText("3.48 of 4 cores");
    assertThat(busy.locator(".memory")).hasText("7.2 GiB of 8 GiB");
    assertThat(screen.row("pi-3").locator(".badge")).hasText("Not ready");
    assertThat(screen.row("pi-3").locator(".cpu")).containsText("no figures");
    assertThat(screen.row("pi-4")).containsText("cordoned");
    assertThat(page.getByText("reason NodeStatusUnknown: Kubelet stopped posting node status."))
        .isVisible();
  }

  @Test
  void a_cluster_without_metrics_says_so() {
    String bare =
        Fixtures.text("nodes.json")
            .replaceAll(
                "(\"usage\": \\{\\s*\"cpuMillis\": )\\w+(,\\s*\"memoryBytes\": )\\w+",
                "$1null$2null");
    screen.api().ok("GET /api/v1/clusters/c-03/nodes", bare);
    Page page = screen.open("/clusters/c-03/overview");

    assertThat(page.getByText("No usage: this cluster has no metrics-server")).isVisible();
  }

  @Test
  void workloads_count_pods_by_namespace_and_phase() {
    Page page = screen.open("/clusters/c-03/overview");
    link(page, "Workloads").click();

    assertThat(screen.row("line").locator("td"))
        .hasText(new String[] {"line", "38", "2", "1", "0", "0", "41"});
    assertThat(page.locator("tfoot td")).hasText(new String[] {"105", "5", "1", "0", "7", "118"});

    link(page, "line").click();
    assertThat(page).hasURL("/pods?cluster=c-03&namespace=line");
    assertThat(page.getByLabel("Namespace", new Page.GetByLabelOptions().setExact(true)))
        .hasValue("line");
  }

  @Test
  void the_timeline_loads_more_and_keeps_it_when_something_happens() {
    String all = Fixtures.text("timeline.json");
    screen
        .api()
        .on(
            "GET /api/v1/clusters/c-03/timeline",
            request ->
                new StubApi.Answer(
                    200,
                    request.getParameter("cursor") == null
                        ? all.replace("\"nextCursor\": null", "\"nextCursor\": \"older\"")
                        : Fixtures.list(
                            entry("2026-11-01T08:00:00Z", "Made by anna@example.com"))));
    Page page = screen.open("/clusters/c-03/timeline");
    assertThat(page.getByText("The agent enrolled")).isVisible();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Load older")).click();
    assertThat(page.getByText("Made by anna@example.com")).isVisible();

    screen
        .api()
        .ok(
            "GET /api/v1/clusters/c-03/timeline",
            Fixtures.list(entry("2026-11-23T12:00:04Z", "It just happened")));
    screen.pass(5);

    assertThat(page.locator("li").first()).containsText("It just happened");
    assertThat(page.locator("li")).hasCount(8);
  }

  @Test
  void a_page_of_the_timeline_that_does_not_join_begins_it_anew() {
    Page page = screen.open("/clusters/c-03/timeline");
    assertThat(page.getByText("The agent enrolled")).isVisible();
    screen
        .api()
        .ok(
            "GET /api/v1/clusters/c-03/timeline",
            Fixtures.list(entry("2026-11-23T12:00:04Z", "One of very many"))
                .replace("\"nextCursor\": null", "\"nextCursor\": \"older\""));
    screen.pass(5);

    assertThat(page.locator("li")).hasCount(1);
    assertThat(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Load older")))
        .isVisible();
  }

  @Test
  void settings_send_only_what_changed_and_a_refresh_leaves_typing_alone() {
    Page page = screen.open("/clusters/c-03/settings");
    Locator name = page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true));
    name.fill("factory-hall-8");
    screen.pass(5);
    assertThat(name).hasValue("factory-hall-8");
    page.getByLabel("Unknown after").fill("90");

    String renamed = Fixtures.cluster("c-03").replace("factory-hall-7", "factory-hall-8");
    screen.api().change("PATCH /api/v1/clusters/c-03", "GET /api/v1/clusters/c-03", renamed);
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Save")).click();

    assertThat(page.getByText("Saved")).isVisible();
    assertThat(page.getByRole(AriaRole.HEADING).first()).hasText("factory-hall-8");
    assertThat(screen.api().last("PATCH /api/v1/clusters/c-03").body())
        .isEqualTo("{\"name\":\"factory-hall-8\",\"unknownAfterSeconds\":90}");
  }

  @Test
  void deleting_takes_the_exact_name() {
    screen.api().on("DELETE /api/v1/clusters/c-03", request -> new StubApi.Answer(204, ""));
    Page page = screen.open("/clusters/c-03/settings");
    Locator delete =
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Delete cluster"));
    Locator confirm = page.getByLabel("Type factory-hall-7 to confirm");
    assertThat(delete).isDisabled();
    for (String wrong : new String[] {"factory-hall", "Factory-hall-7", "factory-hall-7 "}) {
      confirm.fill(wrong);
      assertThat(delete).isDisabled();
    }
    confirm.press("Enter");
    assertThat(screen.api().count("DELETE")).isZero();

    confirm.fill("factory-hall-7");
    delete.click();

    assertThat(page.getByText("is no longer part of the fleet")).isVisible();
    assertThat(page.getByText("kubectl delete namespace niro-system")).isVisible();
    assertThat(screen.api().last("DELETE").line())
        .isEqualTo("DELETE /api/v1/clusters/c-03?confirm=factory-hall-7");
  }

  @Test
  void a_working_agent_is_replaced_only_when_asked_for() {
    screen
        .api()
        .on(
            "POST /api/v1/clusters/c-03/enrollment",
            request ->
                new StubApi.Answer(
                    201,
                    """
                    {"token": "niro_et_2", "expiresAt": "2026-11-23T13:00:00Z", "installCommand": null,
                     "installHint": "The server has no public address."}"""));
    Page page = screen.open("/clusters/c-03/settings");
    page.getByLabel("The new agent may take over").check();
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("New token")).click();

    assertThat(page.getByLabel("Enrollment token")).hasText("niro_et_2");
    assertThat(page.getByText("The server has no public address.")).isVisible();
    assertThat(page.getByText("Waiting for the first heartbeat")).isVisible();
    assertThat(screen.api().last("POST").body()).isEqualTo("{\"takeOver\":true}");
  }

  @Test
  void the_agents_key_is_replaced_by_a_button_and_a_refusal_is_shown() {
    screen
        .api()
        .on(
            "POST /api/v1/clusters/c-03/rotate-key",
            request ->
                new StubApi.Answer(
                    409,
                    """
                    {"type": "about:blank", "title": "Two agents use the key of this cluster", "status": 409,
                     "code": "agent_duplicate", "detail": "two agents use the key of 'edge'"}"""));
    Page page = screen.open("/clusters/c-03/settings");
    Locator replace =
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Replace the key"));
    replace.click();
    assertThat(page.getByText("two agents use the key")).isVisible();

    screen
        .api()
        .on("POST /api/v1/clusters/c-03/rotate-key", request -> new StubApi.Answer(202, "{}"));
    replace.click();
    assertThat(page.getByText("Asked for; the timeline says when it is done")).isVisible();
  }

  @Test
  void a_cluster_that_is_gone_is_said_to_be() {
    Page page = screen.open("/clusters/c-77/overview");

    assertThat(page.getByText("There is no such cluster")).isVisible();
  }

  private static Locator link(Page page, String name) {
    return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static String entry(String at, String summary) {
    return """
        {"at": "%s", "kind": "made", "summary": "%s", "details": {}}"""
        .formatted(at, summary);
  }
}
