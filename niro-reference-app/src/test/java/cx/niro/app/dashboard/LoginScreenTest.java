package cx.niro.app.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LoginScreenTest {
  private static final String NOBODY =
      "{\"user\": null, \"csrfToken\": null, \"setupNeeded\": false}";

  @RegisterExtension static final Screen screen = new Screen();

  @Test
  void without_a_session_the_login_page_comes_first_and_leads_back() {
    screen.api().ok("GET /app/session", NOBODY);
    screen.api().ok("POST /app/login", StubApi.session("anna@example.com"));
    Page page = screen.open("/clusters/c-03/workloads");
    assertThat(page).hasURL("/login?next=%2Fclusters%2Fc-03%2Fworkloads");

    page.getByLabel("E-mail").fill("anna@example.com");
    page.getByLabel("Password").fill("correct horse battery");
    screen.api().ok("GET /app/session", StubApi.session("anna@example.com"));
    page.getByRole(AriaRole.BUTTON).click();

    assertThat(page).hasURL("/clusters/c-03/workloads");
    assertThat(screen.row("kube-system")).isVisible();
    assertThat(screen.api().last("POST /app/login").body())
        .isEqualTo("{\"email\":\"anna@example.com\",\"password\":\"correct horse battery\"}");
  }

  @Test
  void a_session_that_ends_leads_to_the_login_page() {
    Page page = screen.open("/");
    assertThat(screen.row("berlin-edge-1")).isVisible();

    screen.api().refuse("GET /api/v1/clusters", 401, "not_authenticated", "No session.");
    screen.api().ok("GET /app/session", NOBODY);
    screen.pass(5);

    assertThat(page).hasURL("/login");
  }

  @Test
  void a_wrong_password_is_said_and_the_page_stays() {
    screen.api().refuse("POST /app/login", 401, "not_authenticated", "e-mail or password is wrong");
    Page page = screen.open("/login?next=https://evil.example");
    page.getByLabel("E-mail").fill("anna@example.com");
    page.getByLabel("Password").fill("guess");
    page.getByRole(AriaRole.BUTTON).click();

    assertThat(page.getByRole(AriaRole.ALERT)).hasText("e-mail or password is wrong");
  }

  @Test
  void the_way_back_never_leaves_this_site() {
    screen.api().ok("POST /app/login", StubApi.session("anna@example.com"));
    for (String elsewhere :
        new String[] {"https://evil.example/x", "//evil.example/x", "/\\evil.example"}) {
      Page page = screen.open("/login?next=" + elsewhere);
      page.getByLabel("E-mail").fill("anna@example.com");
      page.getByLabel("Password").fill("correct horse battery");
      page.getByRole(AriaRole.BUTTON).click();

      assertThat(screen.row("berlin-edge-1")).isVisible();
      assertThat(page.url()).startsWith("http://127.0.0.1");
    }
  }

  @Test
  void a_link_with_a_code_logs_in_and_takes_the_code_out_of_the_address() {
    screen.api().ok("POST /app/login", StubApi.session("demo@example.com"));
    Page page = screen.open("/login#code=s3cret");

    assertThat(screen.row("berlin-edge-1")).isVisible();
    assertThat(page.url()).doesNotContain("s3cret");
    assertThat(screen.api().last("POST /app/login").body()).isEqualTo("{\"code\":\"s3cret\"}");
  }

  @Test
  void a_server_without_users_says_where_to_begin() {
    screen.api().ok("GET /app/session", NOBODY.replace("false", "true"));
    Page page = screen.open("/");

    assertThat(page.getByRole(AriaRole.ALERT)).containsText("This server has no user yet.");
  }

  @Test
  void the_setup_link_makes_the_first_user() {
    screen.api().ok("POST /app/setup", StubApi.session("anna@example.com"));
    Page page = screen.open("/setup#code=s3cret");
    page.getByLabel("E-mail").fill("anna@example.com");
    page.getByLabel("Password").fill("correct horse battery");
    page.getByRole(AriaRole.BUTTON).click();

    assertThat(screen.row("berlin-edge-1")).isVisible();
    assertThat(screen.api().last("POST /app/setup").body())
        .isEqualTo(
            "{\"email\":\"anna@example.com\",\"password\":\"correct horse battery\",\"code\":\"s3cret\"}");
  }

  @Test
  void signing_out_ends_the_session() {
    screen.api().on("POST /app/logout", request -> new StubApi.Answer(204, ""));
    Page page = screen.open("/");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign out")).click();

    assertThat(page).hasURL("/login");
    assertThat(screen.api().last("POST /app/logout").csrf()).isEqualTo("c5rf");
  }
}
