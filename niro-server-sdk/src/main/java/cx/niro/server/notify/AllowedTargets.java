package cx.niro.server.notify;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where notifications may go: to every public address by HTTPS, and besides to hosts and ranges
 * that the operator names. So whoever may make channels cannot reach through the server what only
 * the server reaches.
 */
public final class AllowedTargets {
  private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

  private static final Pattern LOCAL = Pattern.compile("(.*\\.)?localhost\\.?");
  private static final List<Cidr> LOOPBACK = List.of(Cidr.parse("127.0.0.1"), Cidr.parse("::1"));

  /** No name of the DNS ends in a number (URL Standard, "ends in a number checker"). */
  private static final Pattern ODD_ADDRESS = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)\\.?");

  /** Not globally reachable by the IANA special-purpose registries, or made of other addresses. */
  private static final List<Cidr> REFUSED =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/3",
              "::/16",
              "64:ff9b::/32",
              "100::/16",
              "2001::/23",
              "2001:db8::/32",
              "2002::/16",
              "3fff::/20",
              "5f00::/16",
              "fc00::/7",
              "fe80::/9",
              "ff00::/8")
          .map(Cidr::parse)
          .toList();

  /** Nothing but public addresses. */
  public static final AllowedTargets PUBLIC = parse(List.of());

  private final Set<String> hosts;
  private final List<Cidr> ranges;

  private AllowedTargets(Set<String> hosts, List<Cidr> ranges) {
    this.hosts = hosts;
    this.ranges = ranges;
  }

  /**
   * Public addresses, and these besides.
   *
   * @param entries host names, addresses and ranges, for example {@code alertmanager.internal} or
   *     {@code 10.1.0.0/16}
   * @throws IllegalArgumentException names the entry that is neither
   */
  public static AllowedTargets parse(List<String> entries) {
    Set<String> hosts = new TreeSet<>();
    List<Cidr> ranges = new ArrayList<>();
    for (String entry : entries) {
      String text = entry.strip().toLowerCase(Locale.ROOT);
      if (Cidr.isLiteral(text) || text.contains("/")) {
        ranges.add(Cidr.parse(text));
      } else if (HOST.matcher(text).matches()) {
        hosts.add(text);
      } else {
        throw new IllegalArgumentException("'" + entry + "' is no host name and no address");
      }
    }
    return new AllowedTargets(hosts, ranges);
  }

  /** Checks an option of this name; an {@link IllegalArgumentException} names it and the entry. */
  public static void check(String option, List<String> entries) {
    try {
      var unused = parse(entries);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }

  /** Whether the operator named this host, as a name or as an address; then HTTP is taken too. */
  boolean names(String host) {
    String text = host.toLowerCase(Locale.ROOT);
    return hosts.contains(text)
        || (Cidr.isLiteral(text)
            && ranges.stream().anyMatch(range -> range.contains(Cidr.parse(text).address())));
  }

  /**
   * False for a host that can never be connected to, whatever names stand for: an address that is
   * not allowed, one in a spelling of its own ({@code 127.1}, {@code 2130706433}), this computer.
   */
  boolean mayAllow(String host) {
    String text = host.toLowerCase(Locale.ROOT);
    if (names(text)) {
      return true;
    }
    if (LOCAL.matcher(text).matches()) {
      return LOOPBACK.stream().anyMatch(range -> allows(text, range.address()));
    }
    if (Cidr.isLiteral(text)) {
      return allows(text, Cidr.parse(text).address());
    }
    return !ODD_ADDRESS.matcher(text).matches();
  }

  /** Whether a connection may be made. */
  boolean allows(String host, InetAddress address) {
    return hosts.contains(host.toLowerCase(Locale.ROOT))
        || ranges.stream().anyMatch(range -> range.contains(address))
        || REFUSED.stream().noneMatch(range -> range.contains(address));
  }
}
