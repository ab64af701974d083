package cx.niro.app.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Chooses the proxy by {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}. */
public final class ProxyFromEnvironment extends ProxySelector {
  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1", "[::1]");

  private final Map<String, String> environment;

  /** A selector that reads the variables in upper and in lower case. */
  public ProxyFromEnvironment(Map<String, String> environment) {
    super();
    this.environment = Map.copyOf(environment);
  }

  @Override
  public List<Proxy> select(URI uri) {
    return List.of(
        proxyFor(uri)
            .map(proxy -> new InetSocketAddress(proxy.getHost(), portOf(proxy)))
            .map(address -> new Proxy(Proxy.Type.HTTP, address))
            .orElse(Proxy.NO_PROXY));
  }

  /** The proxy's own URL, if one is to be used. */
  public Optional<URI> proxyFor(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    if (LOOPBACK.contains(host) || isExcepted(host)) {
      return Optional.empty();
    }
    String name = "https".equals(uri.getScheme()) ? "https_proxy" : "http_proxy";
    return variable(name)
        .map(value -> value.contains("://") ? value : "http://" + value)
        .map(URI::create)
        .filter(proxy -> proxy.getHost() != null);
  }

  private boolean isExcepted(String host) {
    for (String entry : variable("no_proxy").orElse("").toLowerCase(Locale.ROOT).split(",", -1)) {
      String name = entry.strip().replaceFirst("^\\*?\\.", "");
      boolean matches = host.equals(name) || host.endsWith("." + name);
      if (name.equals("*") || (!name.isEmpty() && matches)) {
        return true;
      }
    }
    return false;
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name.toUpperCase(Locale.ROOT)))
        .or(() -> Optional.ofNullable(environment.get(name)))
        .filter(value -> !value.isBlank());
  }

  private static int portOf(URI proxy) {
    return proxy.getPort() < 0 ? 80 : proxy.getPort();
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // The request itself fails and says so.
  }
}
