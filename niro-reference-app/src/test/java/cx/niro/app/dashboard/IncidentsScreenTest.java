package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IncidentsScreenTest {
  @RegisterExtension static final Screen screen = new Screen();

  @Test
  void the_worst_come_first_then_the_newest_and_what_they_explain_is_folded() {
    Page page = screen.open("/incidents");

    assertThat(page.locator("tbody .name"))
        .hasText(
            new String[] {
              "Cluster offline",
              "Node not ready",
              "Pod crash looping",
              "Pod crash looping",
              "Node pressure",
              "Certificate expiring"
            });
    assertThat(page.getByText("6 firing, 3 more explained by these")).isVisible();
    assertThat(page.locator("nav[aria-label=Main] .firing")).containsText("6");

    Locator fold = button(page, "explains 2");
    fold.click();
    assertThat(fold).hasAttribute("aria-expanded", "true");
    assertThat(page.locator("tr.child .name"))
        .hasText(new String[] {"Daemonset degraded", "Pod not ready"});
    screen.pass(5);
    assertThat(page.locator("tr.child")).hasCount(2);
  }

  @Test
  void clusters_that_went_silent_together_are_one_row_with_their_number() {
    String[] silent = new String[25];
    for (int i = 0; i < silent.length; i++) {
      silent[i] =
          Fixtures.incident("i-5")
              .replace("\"i-5\"", "\"s-%02d\"".formatted(i))
              .replace("\"c-04\"", "\"c-1%02d\"".formatted(i))
              .replace("\"groupKey\": null", "\"groupKey\": \"fleet_silence\"")
              .replaceAll("(?s)\"silenced\": \\{.*?}", "\"silenced\": null");
    }
    List<String> all = new ArrayList<>(List.of(silent));
    all.add(Fixtures.incident("i-1"));
    screen.api().ok("GET /api/v1/incidents", Fixtures.list(all.toArray(String[]::new)));
    Page page = screen.open("/incidents");

    assertThat(page.locator("tbody .name"))
        .hasText(new String[] {"Fleet silence", "Node not ready"});
    assertThat(page.getByText("25 clusters went silent together")).isVisible();
    assertThat(page.getByText("26 firing")).isVisible();
    Locator fold = button(page, "25 incidents");
    fold.click();
    assertThat(page.locator("tr.child .name")).hasCount(25);
    screen.pass(5);
    assertThat(fold).hasAttribute("aria-expanded", "true");
    page.locator("tr.child a.name").first().click();
    assertThat(page).hasURL("/incidents?incident=s-00");
  }

  @Test
  void badges_say_since_when_and_states_who_has_it() {
    screen.open("/incidents");

    Locator offline = screen.row("Cluster offline");
    assertThat(offline.locator(".badge")).hasAttribute("title", "Since 23 Nov 2026, 11:56:00");
    assertThat(offline.locator(".since")).containsText("4 min");
    assertThat(offline.getByText("silent until 16:00"))
        .hasAttribute(
            "title", "By ben@example.com: New router in the store (until 23 Nov 2026, 16:00:00)");
    assertThat(screen.row("Node pressure").getByText("taken by anna@example.com"))
        .hasAttribute(
            "title",
            "Acknowledged by anna@example.com, 23 Nov 2026, 11:40:00: Moving the cache away");
    assertThat(screen.row("Certificate expiring").getByText("flapping")).isVisible();
  }

  @Test
  void filters_go_to_the_server_and_into_the_address() {
    Page page = screen.open("/incidents");
    page.getByLabel("Severity").selectOption("high");
    page.getByLabel("Type").selectOption("node_not_ready");
    page.getByLabel("State").selectOption("resolved");

    assertThat(page).hasURL("/incidents?state=resolved&severity=high&type=node_not_ready");
    screen.pass(5);
    assertThat(screen.api().last("GET /api/v1/incidents?").line())
        .contains("state=resolved&severity=high&type=node_not_ready");

    button(page, "Clear filters").click();
    page.getByLabel("State").selectOption("unattended");
    assertThat(screen.row("Cluster offline")).hasCount(0);
    assertThat(screen.row("Node not ready")).isVisible();
  }

  @Test
  void an_incident_is_shown_with_evidence_and_what_it_explains_and_focus_comes_back() {
    Page page = screen.open("/incidents");
    Locator link = screen.row("Node pi-3").getByRole(AriaRole.LINK).first();
    link.focus();
    link.press("Enter");

    Locator dialog = page.locator("niro-dialog");
    assertThat(page).hasURL("/incidents?incident=i-1");
    assertThat(dialog.getByText("reason NodeStatusUnknown")).isVisible();
    assertThat(dialog.getByText("Explains 2 more")).isVisible();
    button(page, "Pod not ready: Pod historian-0 is not ready").click();
    assertThat(dialog.getByText("Explained by")).isVisible();

    page.keyboard().press("Escape");
    assertThat(dialog).hasCount(0);
    assertThat(page).hasURL("/incidents");
    assertThat(link).isFocused();
  }

  @Test
  void somebody_takes_care_of_it_and_a_refresh_leaves_the_note_alone() {
    Page page = screen.open("/incidents?incident=i-1");
    Locator note = page.getByLabel("Take care of it");
    note.fill("at the rack");
    screen.pass(5);
    assertThat(note).hasValue("at the rack");

    String taken =
        Fixtures.incident("i-1")
            .replace(
                "\"acknowledged\": null",
                "\"acknowledged\": {\"by\": \"anna@example.com\", \"at\":"
                    + " \"2026-11-23T12:00:00Z\", \"note\": \"at the rack\"}");
    screen
        .api()
        .change("POST /api/v1/incidents/i-1/acknowledge", "GET /api/v1/incidents/i-1", taken);
    button(page, "Acknowledge").click();

    assertThat(page.getByText("anna@example.com takes care of it")).isVisible();
    assertThat(page.locator("niro-dialog").getByText("at the rack")).isVisible();
    assertThat(screen.api().last("POST").body()).isEqualTo("{\"note\":\"at the rack\"}");
    assertThat(button(page, "Take back")).isVisible();
  }

  @Test
  void a_silence_is_for_a_time_and_a_reason_and_a_refusal_is_said() {
    screen
        .api()
        .refuse(
            "POST /api/v1/incidents/i-1/silence",
            422,
            "invalid_field",
            "reason: must not be empty");
    Page page = screen.open("/incidents?incident=i-1");
    page.getByText("4 h", new Page.GetByTextOptions().setExact(true)).click();
    button(page, "Silence").click();
    assertThat(page.getByRole(AriaRole.ALERT)).hasText("reason: must not be empty");
    assertThat(screen.api().last("POST").body())
        .isEqualTo("{\"durationSeconds\":14400,\"reason\":\"\"}");

    page.getByText("until…").click();
    page.getByLabel("Until", new Page.GetByLabelOptions().setExact(true)).fill("2026-11-24T09:30");
    page.getByLabel("Reason").fill("new disks");
    button(page, "Silence").click();
    screen.pass(1);
    assertThat(screen.api().last("POST").body())
        .isEqualTo("{\"until\":\"2026-11-24T09:30:00.000Z\",\"reason\":\"new disks\"}");
  }

  @Test
  void a_resolved_one_is_deleted_after_a_second_question() {
    String over =
        Fixtures.incident("i-1")
            .replace("\"firing\"", "\"resolved\"")
            .replace("\"resolvedAt\": null", "\"resolvedAt\": \"2026-11-23T11:59:00Z\"")
            .replace("\"resolution\": null", "\"resolution\": \"condition_cleared\"");
    screen.api().ok("GET /api/v1/incidents/i-1", over);
    screen.api().on("DELETE /api/v1/incidents/i-1", request -> new StubApi.Answer(204, ""));
    Page page = screen.open("/incidents?state=resolved&incident=i-1");
    assertThat(page.locator("niro-dialog").getByText("Condition cleared")).isVisible();
    button(page, "Delete").click();
    assertThat(screen.api().count("DELETE")).isZero();
    button(page, "Delete for good").click();

    assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
    assertThat(screen.api().count("DELETE /api/v1/incidents/i-1")).isEqualTo(1);
  }

  @Test
  void a_cluster_has_its_incidents_in_a_tab() {
    Page page = screen.open("/clusters/c-03/overview");
    page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Cluster"))
        .getByText("Incidents")
        .click();

    assertThat(page).hasURL("/clusters/c-03/incidents");
    assertThat(page.locator("tbody tr")).hasCount(2);
    assertThat(page.getByRole(AriaRole.COLUMNHEADER).getByText("Cluster")).isHidden();
  }

  @Test
  void it_fits_a_small_screen() {
    screen.page().setViewportSize(360, 740);
    Page page = screen.open("/incidents");
    assertThat(screen.row("Cluster offline")).isVisible();
    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }
}
