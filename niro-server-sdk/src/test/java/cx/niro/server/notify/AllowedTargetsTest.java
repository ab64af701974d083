package cx.niro.server.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedTargetsTest {
  private static boolean allows(AllowedTargets targets, String address) throws Exception {
    return targets.allows("host.example", InetAddress.getByName(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.0.8",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2001::1",
        "2001:db8::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "100::1"
      })
  void what_is_not_public_is_refused(String address) throws Exception {
    assertThat(allows(AllowedTargets.PUBLIC, address)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.167.1.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1"
      })
  void what_is_public_is_allowed(String address) throws Exception {
    assertThat(allows(AllowedTargets.PUBLIC, address)).isTrue();
  }

  @Test
  void operators_allow_hosts_addresses_and_ranges() throws Exception {
    AllowedTargets some =
        AllowedTargets.parse(List.of("Hook.Internal", "10.1.0.0/16", "192.168.1.7", "fd00::/64"));
    assertThat(some.allows("hook.internal", InetAddress.getByName("10.9.0.1"))).isTrue();
    assertThat(allows(some, "10.9.0.1")).isFalse();
    assertThat(allows(some, "10.1.200.1")).isTrue();
    assertThat(allows(some, "10.2.0.1")).isFalse();
    assertThat(allows(some, "192.168.1.7")).isTrue();
    assertThat(allows(some, "192.168.1.8")).isFalse();
    assertThat(allows(some, "fd00::1")).isTrue();
    assertThat(allows(some, "fd00:1::1")).isFalse();
    assertThat(some.names("HOOK.internal")).isTrue();
    assertThat(some.names("10.1.0.1")).isTrue();
    assertThat(some.names("10.2.0.1")).isFalse();
    assertThat(some.names("other.internal")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.1",
        "0",
        "2130706433",
        "0x7f.1",
        "127.0.0.1",
        "::1",
        "localhost",
        "a.localhost",
        "LOCALHOST.",
        "10.0.0.1",
        "127.0.0.1."
      })
  void a_host_that_can_never_be_reached_is_known_without_asking_for_its_address(String host) {
    assertThat(AllowedTargets.PUBLIC.mayAllow(host)).isFalse();
    assertThat(AllowedTargets.parse(List.of(host.replaceAll("\\.$", ""))).mayAllow("a.example"))
        .isTrue();
  }

  @Test
  void hosts_that_may_be_reached_are_not_refused_beforehand() {
    for (String host : List.of("a.example", "1.1.1.1", "2606:4700::1111", "1password.com", "x2")) {
      assertThat(AllowedTargets.PUBLIC.mayAllow(host)).as(host).isTrue();
    }
    AllowedTargets local = AllowedTargets.parse(List.of("127.0.0.0/8"));
    assertThat(local.mayAllow("localhost")).isTrue();
    assertThat(local.mayAllow("127.0.0.1")).isTrue();
    assertThat(AllowedTargets.parse(List.of("localhost")).mayAllow("localhost")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "a b", "10.0.0.0/33", "10.0.0/8", "::/129", "1.2.3.4/x", "a/8"})
  void what_is_neither_is_refused_by_name(String entry) {
    assertThatThrownBy(() -> AllowedTargets.parse(List.of(entry)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + entry + "'");
  }
}
