package cx.niro.agent.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyRulesTest {
  private static final String PROXY = "http://proxy.example:3128";

  @Test
  void a_proxy_is_taken_with_its_port_and_user() {
    URI server = URI.create("https://niro.example.com");
    assertThat(ProxyRules.proxyFor(server, "http://me:secret@proxy.example:3128/", ""))
        .contains(new ProxyRules.HttpProxy("proxy.example", 3128, "me:secret"));
    assertThat(ProxyRules.proxyFor(server, "proxy.example:3128", ""))
        .contains(new ProxyRules.HttpProxy("proxy.example", 3128, null));
    assertThat(ProxyRules.proxyFor(server, null, "")).isEmpty();
    assertThat(ProxyRules.proxyFor(server, " ", "")).isEmpty();
  }

  @Test
  void another_kind_of_proxy_is_refused_without_showing_its_password() {
    URI server = URI.create("https://niro.example.com");
    assertThatThrownBy(() -> ProxyRules.proxyFor(server, "socks5://me:secret@proxy", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("socks5")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://niro.example.com | other.org,example.com     | true",
        "https://niro.example.com | .example.com              | true",
        "https://niro.example.com | *.example.com             | true",
        "https://niro.example.com | NIRO.example.COM          | true",
        "https://niro.example.com | example.com:443           | true",
        "https://niro.example.com | example.com:8443          | false",
        "https://niro.example.com | ample.com                 | false",
        "https://niro.example.com | *                         | true",
        "http://localhost:8080    | other.org                 | true",
        "http://[::1]:8080        | other.org                 | true",
        "https://10.43.0.1:6443   | 10.43.0.0/16              | true",
        "https://10.44.0.1:6443   | 10.43.0.0/16              | false",
        "https://10.43.0.1        | 10.43.0.1                 | true",
        "https://10.43.0.1        | 10.43.0.1:443             | true",
        "https://[fd00::1]        | fd00::/8                  | true",
        "https://[fd00::1]        | fe00::/8                  | false",
        "https://10.43.0.1        | 10.43.0.0/99, nonsense/x  | false",
      })
  void no_proxy_names_hosts_networks_and_ports(String server, String noProxy, boolean straight) {
    assertThat(ProxyRules.proxyFor(URI.create(server), PROXY, noProxy).isEmpty())
        .isEqualTo(straight);
  }
}
