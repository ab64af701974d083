package cx.niro.app.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  private final TrustedProxies proxies = TrustedProxies.parse("10.0.0.0/8, 192.0.2.7,fd00::/8");

  @Test
  void without_trusted_proxies_the_connection_counts_whatever_it_says() {
    assertThat(TrustedProxies.NONE.senderOf("203.0.113.5", List.of("1.1.1.1")))
        .isEqualTo("203.0.113.5");
    assertThat(TrustedProxies.parse(" ").senderOf("203.0.113.5", List.of("1.1.1.1")))
        .isEqualTo("203.0.113.5");
  }

  @Test
  void a_stranger_cannot_pretend_to_be_somebody_else() {
    assertThat(proxies.senderOf("203.0.113.5", List.of("1.1.1.1"))).isEqualTo("203.0.113.5");
  }

  @Test
  void behind_a_proxy_the_last_address_that_is_not_trusted_counts() {
    List<String> hops = List.of("1.1.1.1", " 203.0.113.9", "10.2.3.4 ");

    assertThat(proxies.senderOf("192.0.2.7", hops)).isEqualTo("203.0.113.9");
    assertThat(proxies.senderOf("192.0.2.8", hops)).isEqualTo("192.0.2.8");
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.9:4711, 203.0.113.9",
    "[2001:db8:1:2:3:4:5:6]:443, 2001:db8:1:2::/64",
    "2001:db8:1:2::9, 2001:db8:1:2::/64",
    "::ffff:203.0.113.9, 203.0.113.9",
    "unknown, 10.0.0.1",
    "example.com, 10.0.0.1",
    "999.1.1.1, 10.0.0.1",
    "10.0.0.2, 10.0.0.2",
  })
  void a_hop_is_read_in_all_its_forms_and_never_looked_up(String hop, String sender) {
    assertThat(proxies.senderOf("10.0.0.1", List.of(hop))).isEqualTo(sender);
  }

  @Test
  void all_addresses_of_an_ipv6_network_count_as_one() {
    assertThat(proxies.senderOf("[2001:db8::1]", List.of()))
        .isEqualTo(proxies.senderOf("2001:db8::ffff:2%eth0", List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"proxy.example.com", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/x", "::1/129"})
  void what_is_no_address_is_refused_by_name(String text) {
    assertThatThrownBy(() -> TrustedProxies.parse("10.0.0.1," + text))
        .hasMessage(
            "--trusted-proxies (NIRO_TRUSTED_PROXIES): '"
                + text
                + "' is no address like 10.0.0.1 and no range like 10.0.0.0/8");
  }
}
