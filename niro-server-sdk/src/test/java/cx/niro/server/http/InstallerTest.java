package cx.niro.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.server.Clusters.NewToken;
import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstallerTest {
  private static final NewToken TOKEN = new NewToken("niro_et_x", Instant.EPOCH);

  private static Installer installer(String url, boolean allowLoopback) {
    return new Installer(URI.create(url), allowLoopback, InstallScripts.DEFAULT_IMAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8080",
        "http://LOCALHOST",
        "https://127.0.0.1",
        "http://127.9.9.9:1",
        "http://[::1]:8080",
        "http://x.localhost"
      })
  void a_loopback_url_makes_no_install_command_unless_it_is_allowed(String url) {
    assertThat(installer(url, false).enrollment(TOKEN).installCommand()).isNull();
    assertThat(installer(url, false).enrollment(TOKEN).installHint()).contains("its own machine");
    assertThat(installer(url, true).enrollment(TOKEN).installCommand()).contains("niro_et_x");
  }

  @Test
  void without_a_public_url_there_is_a_hint_and_no_script() {
    Installer none = new Installer(null, true, InstallScripts.DEFAULT_IMAGE);

    assertThat(none.enrollment(TOKEN).installCommand()).isNull();
    assertThat(none.enrollment(TOKEN).installHint()).contains("public URL");
    assertThat(none.installSh()).isNull();
  }

  @Test
  void plain_http_to_elsewhere_is_said_aloud() {
    assertThat(installer("http://10.0.0.5:8080", false).enrollment(TOKEN).installCommand())
        .contains(" NIRO_ALLOW_HTTP=1 ");
    assertThat(installer("http://10.0.0.5:8080", false).enrollment(TOKEN).installHint())
        .contains("not https");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://x",
        "https://user@x",
        "https://x/$(id)",
        "https://x/?a=b",
        "https://x/';id;'",
        "x"
      })
  void a_url_that_a_shell_could_read_otherwise_is_refused(String url) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      return;
    }
    assertThatThrownBy(() -> new Installer(uri, true, InstallScripts.DEFAULT_IMAGE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("publicUrl");
  }
}
