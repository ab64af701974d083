package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody sees a button that the server would refuse. */
class RolesScreenTest {
  private static final Pattern CHANGES =
      Pattern.compile(
          "(?i)^(add|new|end|call off|delete|edit|test|turn|save|acknowledge|silence$|take|retry"
              + "|remove|invite|exempt|apply|roll|look|forget|other|revert|update|cancel).*");

  @RegisterExtension static final Screen screen = new Screen();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/incidents?incident=i-1",
        "/incidents?incident=i-4",
        "/incidents?incident=i-5",
        "/findings",
        "/silences",
        "/channels",
        "/clusters/c-03/settings",
        "/clusters/c-01/settings",
        "/clusters/c-01/deployments",
        "/clusters/c-01/deployments?deployment=gateway"
      })
  void a_viewer_sees_no_button_that_changes_anything(String path) {
    as("viewer", "read");
    Page page = screen.open(path);
    assertThat(page.locator(".panel, tbody tr, dl").first()).isVisible();
    screen.pass(1);

    assertThat(buttons(page)).noneMatch(name -> CHANGES.matcher(name).matches());
  }

  @Test
  void a_viewer_reads_settings_and_who_takes_care_and_may_not_type() {
    as("viewer", "read");
    Page page = screen.open("/clusters/c-03/settings");
    assertThat(page.getByLabel("Name").first()).isDisabled();
    screen.open("/incidents?incident=i-4");
    assertThat(page.getByText("anna@example.com takes care of it")).isVisible();
  }

  @Test
  void a_member_changes_a_cluster_and_leaves_deleting_and_channels_to_others() {
    as("member", "read", "write");
    Page page = screen.open("/clusters/c-03/settings");
    assertThat(button(page, "New token")).isVisible();
    assertThat(button(page, "Delete cluster")).hasCount(0);
    screen.open("/channels");
    assertThat(button(page, "Deliveries").first()).isVisible();
    assertThat(button(page, "Add channel")).hasCount(0);
    assertThat(button(page, "Test")).hasCount(0);
  }

  @Test
  void an_admin_has_no_say_over_an_owner() {
    as("admin", "read", "write", "administer");
    Page page = screen.open("/access");
    Locator users = page.getByLabel("Users");
    assertThat(users.locator("li").filter(with("anna@")).getByRole(AriaRole.BUTTON)).hasCount(0);
    assertThat(users.locator("li").filter(with("ben@")).getByRole(AriaRole.BUTTON)).hasCount(2);
  }

  @Test
  void the_last_owner_is_not_removed() {
    Page page = screen.open("/access");
    Locator users = page.getByLabel("Users");
    assertThat(users.locator("li").filter(with("anna@")).getByRole(AriaRole.BUTTON)).hasCount(0);
  }

  private static void as(String role, String... permissions) {
    screen.api().ok("GET /app/session", StubApi.session("eve@example.com", role, permissions));
  }

  private static List<String> buttons(Page page) {
    return page.getByRole(AriaRole.BUTTON).allInnerTexts();
  }

  private static Locator.FilterOptions with(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }
}
