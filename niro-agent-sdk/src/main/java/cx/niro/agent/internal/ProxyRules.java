package cx.niro.agent.internal;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy leads to the server, in the terms of {@code HTTPS_PROXY} and {@code NO_PROXY}. Pure:
 * no name is looked up.
 */
final class ProxyRules {
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9.]+|\\[?[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*]?");
  private static final int DEFAULT_PORT = 8080;

  /** A proxy; {@code userInfo} is {@code user:password}. */
  record HttpProxy(String host, int port, @Nullable String userInfo) {}

  private ProxyRules() {}

  /**
   * @throws IllegalArgumentException when {@code proxyUrl} is not {@code
   *     http://[user:password@]host[:port]}
   */
  static Optional<HttpProxy> proxyFor(URI server, @Nullable String proxyUrl, String noProxy) {
    if (proxyUrl == null || proxyUrl.isBlank() || isExcepted(server, noProxy)) {
      return Optional.empty();
    }
    String text = proxyUrl.strip();
    URI proxy = URI.create(text.contains("://") ? text : "http://" + text);
    if (!"http".equals(proxy.getScheme()) || proxy.getHost() == null) {
      throw new IllegalArgumentException(
          "proxy must be http://[user:password@]host[:port], but has scheme "
              + proxy.getScheme()
              + " and host "
              + proxy.getHost());
    }
    int port = proxy.getPort() < 0 ? DEFAULT_PORT : proxy.getPort();
    return Optional.of(new HttpProxy(proxy.getHost(), port, proxy.getUserInfo()));
  }

  private static boolean isExcepted(URI server, String noProxy) {
    String host = server.getHost().toLowerCase(Locale.ROOT);
    // This machine is never behind the proxy, whatever the environment says.
    if (host.equals("localhost") || host.equals("[::1]") || host.startsWith("127.")) {
      return true;
    }
    int port =
        server.getPort() >= 0 ? server.getPort() : server.getScheme().equals("http") ? 80 : 443;
    List<String> entries = Arrays.asList(noProxy.toLowerCase(Locale.ROOT).split("[,\\s]+"));
    return entries.stream().anyMatch(entry -> matches(entry, host, port));
  }

  private static boolean matches(String entry, String host, int port) {
    if (entry.isEmpty()) {
      return false;
    }
    if (entry.equals("*") || entry.equals(host)) {
      return true;
    }
    if (ADDRESS.matcher(host).matches()) {
      return entry.contains("/")
          ? inNetwork(entry, host)
          : entry.equals(host + ":" + port) || sameAddress(entry, host);
    }
    String name = entry.startsWith("*.") ? entry.substring(1) : entry;
    int colon = name.lastIndexOf(':');
    if (colon > 0 && !name.substring(colon + 1).equals(String.valueOf(port))) {
      return false;
    }
    String suffix = colon > 0 ? name.substring(0, colon) : name;
    String dotted = suffix.startsWith(".") ? suffix : "." + suffix;
    return host.endsWith(dotted) || host.equals(suffix);
  }

  private static boolean sameAddress(String entry, String host) {
    return ADDRESS.matcher(entry).matches() && Arrays.equals(bytes(entry), bytes(host));
  }

  private static boolean inNetwork(String entry, String host) {
    int slash = entry.indexOf('/');
    String network = entry.substring(0, slash);
    String bits = entry.substring(slash + 1);
    if (!ADDRESS.matcher(network).matches() || !bits.matches("\\d{1,3}")) {
      return false;
    }
    byte[] base = bytes(network);
    byte[] address = bytes(host);
    int rest = base.length * 8 - Integer.parseInt(bits);
    return base.length > 0
        && base.length == address.length
        && rest >= 0
        && new BigInteger(1, base)
            .shiftRight(rest)
            .equals(new BigInteger(1, address).shiftRight(rest));
  }

  /** Of a literal address, so nothing is looked up; empty when it is none. */
  private static byte[] bytes(String literal) {
    try {
      return InetAddress.getByName(literal).getAddress();
    } catch (UnknownHostException notAnAddress) {
      return new byte[0];
    }
  }
}
