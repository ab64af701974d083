package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which policies a cluster is held to, and why something is exempt. */
class PolicyScreenTest {
  private static final String PUT = "PUT /api/v1/clusters/c-03/policy";
  private static final String CAMERA =
      """
      {"namespace":"line","workload":"camera-*","label":null,"rules":["privileged-container"],\
      "reason":"Needs the device of the camera"}""";

  @RegisterExtension static final Screen screen = new Screen();

  @BeforeEach
  void take_changes() {
    screen.api().ok(PUT, Fixtures.text("policy.json"));
  }

  @Test
  void a_profile_is_chosen_and_the_rest_stays() {
    Page page = screen.open("/clusters/c-03/settings");
    page.getByLabel("Profile", new Page.GetByLabelOptions().setExact(true))
        .selectOption("restricted");

    assertThat(page.getByText("Profile changed")).isVisible();
    assertThat(screen.api().last(PUT).body())
        .isEqualTo(
            "{\"profile\":\"restricted\",\"namespaceProfiles\":{\"payments\":\"restricted\"},"
                + "\"exemptions\":["
                + CAMERA
                + "]}");
  }

  @Test
  void exemptions_say_who_gave_them_and_why_and_one_is_added_with_its_reason() {
    Page page = screen.open("/clusters/c-03/settings");
    Locator policies = page.getByLabel("Policies", new Page.GetByLabelOptions().setExact(true));
    assertThat(policies.getByText("Workload camera-*, namespace line")).isVisible();
    assertThat(policies.getByText("Needs the device of the camera")).isVisible();
    assertThat(policies.getByText("by ben@example.com")).isVisible();

    policies.getByLabel("In namespace").fill("shop");
    policies.getByLabel("From policies").fill("mutable-tag, bare-pod");
    policies.getByLabel("Why").fill("moved next week");
    screen.pass(5);
    button(page, "Add exemption").click();

    assertThat(policies.getByLabel("Why")).hasValue("");
    assertThat(screen.api().last(PUT).body())
        .endsWith(
            CAMERA
                + ",{\"namespace\":\"shop\",\"workload\":null,\"label\":null,"
                + "\"rules\":[\"mutable-tag\",\"bare-pod\"],\"reason\":\"moved next week\"}]}");
  }

  @Test
  void an_exemption_is_removed_after_a_second_question_and_a_refusal_is_said() {
    screen.api().refuse(PUT, 422, "invalid_field", "exemptions: there is no policy x");
    Page page = screen.open("/clusters/c-03/settings");
    Locator camera = page.locator("li", new Page.LocatorOptions().setHasText("camera-*"));
    camera.getByText("Remove").click();
    assertThat(screen.api().count("PUT")).isZero();
    camera.getByText("Really remove").click();

    assertThat(page.getByRole(AriaRole.ALERT)).hasText("exemptions: there is no policy x");
    assertThat(screen.api().last(PUT).body()).endsWith("\"exemptions\":[]}");
  }

  @Test
  void a_namespace_gets_a_profile_of_its_own() {
    Page page = screen.open("/clusters/c-03/settings");
    page.getByLabel("Namespace", new Page.GetByLabelOptions().setExact(true)).fill("lab");
    page.getByLabel("Its profile").selectOption("off");
    button(page, "Set").click();

    assertThat(page.getByText("Profile set")).isVisible();
    assertThat(screen.api().last(PUT).body())
        .contains("\"namespaceProfiles\":{\"payments\":\"restricted\",\"lab\":\"off\"}");
  }

  @Test
  void a_finding_is_exempted_where_it_is_shown() {
    Page page = screen.open("/findings");
    Locator group =
        page.locator("details.group", new Page.LocatorOptions().setHasText("privileged-container"));
    group.locator("summary").first().click();
    Locator exempt = group.getByText("Exempt…");
    exempt.click();
    page.getByLabel("Reason").fill("talks to the machine");
    page.locator("niro-dialog").getByText("Exempt", exactly()).click();

    assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
    assertThat(exempt).isFocused();
    assertThat(screen.api().last(PUT).body())
        .endsWith(
            CAMERA
                + ",{\"namespace\":\"line\",\"workload\":\"plc-bridge\",\"label\":null,"
                + "\"rules\":[\"privileged-container\"],\"reason\":\"talks to the machine\"}]}");
  }

  @Test
  void a_viewer_reads_policies() {
    screen.api().ok("GET /app/session", StubApi.session("eve@example.com", "viewer", "read"));
    Page page = screen.open("/clusters/c-03/settings");
    Locator policies = page.getByLabel("Policies", new Page.GetByLabelOptions().setExact(true));
    assertThat(policies.getByText("Needs the device of the camera")).isVisible();
    assertThat(policies.getByRole(AriaRole.BUTTON)).hasCount(0);
    assertThat(policies.getByLabel("Profile", new Locator.GetByLabelOptions().setExact(true)))
        .isDisabled();
  }

  private static Locator.GetByTextOptions exactly() {
    return new Locator.GetByTextOptions().setExact(true);
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }
}
