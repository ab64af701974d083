package cx.niro.app.access;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells from which address a request comes: the connection's, or, when that is a proxy that we
 * trust, the last one in {@code X-Forwarded-For} that is not. What stands further left the client
 * may have written himself.
 */
public final class TrustedProxies {
  /** Trusts nobody; the connection's address counts. */
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern IPV4_AND_PORT = Pattern.compile("([0-9.]+):[0-9]{1,5}");
  private static final Pattern IN_BRACKETS = Pattern.compile("\\[([^\\]]+)](:[0-9]{1,5})?");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final int SITE_BYTES = 8;

  /** The addresses whose first {@code bits} are those of {@code network}. */
  private record Range(InetAddress network, int bits) {
    boolean contains(InetAddress address) {
      byte[] mine = network.getAddress();
      byte[] others = address.getAddress();
      if (mine.length != others.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((mine[bit / 8] & mask) != (others[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private final List<Range> ranges;

  private TrustedProxies(List<Range> ranges) {
    this.ranges = ranges;
  }

  /**
   * Reads addresses and ranges like {@code 10.0.0.0/8}, separated by commas; empty text is nobody.
   *
   * @throws IllegalArgumentException naming the one that is wrong
   */
  public static TrustedProxies parse(String text) {
    List<Range> ranges = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.isBlank()) {
        ranges.add(range(part.strip()));
      }
    }
    return new TrustedProxies(List.copyOf(ranges));
  }

  private static Range range(String text) {
    String[] parts = text.split("/", 2);
    Optional<InetAddress> network = literal(parts[0]);
    if (network.isPresent()) {
      int most = network.get().getAddress().length * 8;
      boolean hasBits = parts.length == 2;
      int bits = !hasBits ? most : parts[1].matches("\\d{1,3}") ? Integer.parseInt(parts[1]) : -1;
      if (bits >= 0 && bits <= most) {
        return new Range(network.get(), bits);
      }
    }
    throw new IllegalArgumentException(
        "--trusted-proxies (NIRO_TRUSTED_PROXIES): '"
            + text
            + "' is no address like 10.0.0.1 and no range like 10.0.0.0/8");
  }

  /**
   * What the request's sender is counted as: an IPv4 address, or the /64 network of an IPv6 one.
   */
  String senderOf(HttpServletRequest request) {
    List<String> hops = new ArrayList<>();
    for (String header : Collections.list(request.getHeaders("X-Forwarded-For"))) {
      hops.addAll(List.of(header.split(",", -1)));
    }
    return senderOf(request.getRemoteAddr(), hops);
  }

  /** The same for what {@code X-Forwarded-For} lists, from left to right. */
  String senderOf(String peer, List<String> hops) {
    return origin(peer, hops).map(TrustedProxies::counted).orElse(peer);
  }

  /** Where a request comes from, exactly. */
  String addressOf(String peer, List<String> forwarded) {
    List<String> hops =
        forwarded.stream().flatMap(header -> Stream.of(header.split(",", -1))).toList();
    return origin(peer, hops).map(InetAddress::getHostAddress).orElse(peer);
  }

  private Optional<InetAddress> origin(String peer, List<String> hops) {
    @Nullable InetAddress sender = literal(peer).orElse(null);
    for (int i = hops.size() - 1; i >= 0 && sender != null && isTrusted(sender); i--) {
      Optional<InetAddress> before = literal(hops.get(i));
      if (before.isEmpty()) {
        break;
      }
      sender = before.get();
    }
    return Optional.ofNullable(sender);
  }

  private boolean isTrusted(InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  /** Whoever has one IPv6 address has all of its /64. */
  private static String counted(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return address.getHostAddress();
    }
    StringBuilder network = new StringBuilder();
    for (int i = 0; i < SITE_BYTES; i += 2) {
      network.append(String.format("%x:", ((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff)));
    }
    return network + ":/64";
  }

  /** An address as it is written, with or without a port; names are never looked up. */
  private static Optional<InetAddress> literal(String text) {
    String address = text.strip();
    var brackets = IN_BRACKETS.matcher(address);
    var port = IPV4_AND_PORT.matcher(address);
    if (brackets.matches()) {
      address = brackets.group(1);
    } else if (port.matches()) {
      address = port.group(1);
    }
    address = address.replaceFirst("%.*", "");
    if (!IPV4.matcher(address).matches() && !IPV6.matcher(address).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(address));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** For the line that tells the effective settings. */
  @Override
  public String toString() {
    if (ranges.isEmpty()) {
      return "none";
    }
    List<String> shown =
        ranges.stream()
            .map(range -> range.network().getHostAddress() + "/" + range.bits())
            .toList();
    return String.join(",", shown);
  }
}
