package cx.niro.app.cli;

import cx.niro.app.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The way to a server, step by step: name, proxy, connection, certificate, answer, clock. */
public final class NetworkChecks {
  private static final int PATIENCE_MILLIS = 5000;
  private static final Duration CERTIFICATE_WARNING = Duration.ofDays(14);
  private static final Duration CLOCK_WARNING = Duration.ofSeconds(30);

  private final URI server;
  private final SSLContext trust;
  private final ProxyFromEnvironment proxies;

  /** Checks of that server with that trust; proxies from {@code environment}. */
  public NetworkChecks(URI server, SSLContext trust, Map<String, String> environment) {
    this.server = server;
    this.trust = trust;
    this.proxies = new ProxyFromEnvironment(environment);
  }

  /** All of them, in order; what cannot be tried because of one before is skipped. */
  public List<Check> all(RestClient client) {
    List<Check> checks = new ArrayList<>();
    Optional<URI> proxy = proxies.proxyFor(server);
    checks.add(dns(proxy.orElse(server)));
    checks.add(proxy(proxy));
    checks.add(connection(proxy.orElse(server)));
    checks.add(tls(proxy.isPresent()));
    checks.addAll(answer(client));
    return checks;
  }

  private static Check dns(URI target) {
    try {
      String found =
          Arrays.stream(InetAddress.getAllByName(target.getHost()))
              .map(InetAddress::getHostAddress)
              .collect(Collectors.joining(", "));
      return Check.ok("dns", target.getHost() + " is " + found);
    } catch (UnknownHostException e) {
      return Check.failed(
          "dns",
          target.getHost() + " has no address",
          "check the name and this machine's resolver (/etc/resolv.conf)");
    }
  }

  private static Check proxy(Optional<URI> proxy) {
    return proxy
        .map(uri -> Check.ok("proxy", "through " + uri.getHost() + " (HTTPS_PROXY)"))
        .orElseGet(() -> Check.ok("proxy", "none is used (HTTPS_PROXY, NO_PROXY)"));
  }

  private static Check connection(URI target) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(target.getHost(), port(target)), PATIENCE_MILLIS);
      return Check.ok("connection", target.getHost() + ":" + port(target) + " is open");
    } catch (IOException e) {
      return Check.failed(
          "connection",
          target.getHost() + ":" + port(target) + ": " + e.getMessage(),
          "is the server running, and does a firewall let port " + port(target) + " out?");
    }
  }

  private Check tls(boolean throughProxy) {
    if (!"https".equals(server.getScheme())) {
      return Check.skipped("tls", "the URL is http: keys and tokens travel in clear text");
    }
    if (throughProxy) {
      return Check.skipped("tls", "not looked at through a proxy; see answer");
    }
    try (SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket()) {
      socket.connect(new InetSocketAddress(server.getHost(), port(server)), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      var parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return certificate(certificate.getNotAfter().toInstant(), socket.getSession().getProtocol());
    } catch (IOException e) {
      return Check.failed(
          "tls",
          String.valueOf(e.getMessage()),
          "if the certificate is from your own authority, give its PEM file by NIRO_CA_FILE");
    }
  }

  private static Check certificate(Instant end, String protocol) {
    String detail = protocol + ", certificate until " + end;
    boolean soon = end.isBefore(SystemTime.CLOCK.instant().plus(CERTIFICATE_WARNING));
    return soon
        ? Check.warning("tls", detail, "renew the server's certificate")
        : Check.ok("tls", detail);
  }

  private List<Check> answer(RestClient client) {
    try {
      HttpResponse<String> response =
          client.exchange("GET", "/readyz", null, Duration.ofMillis(PATIENCE_MILLIS));
      return List.of(ready(response), clock(response));
    } catch (IOException e) {
      return List.of(
          Check.failed(
              "answer",
              "no answer: " + e.getClass().getSimpleName(),
              "mend what failed above, then try again"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private static Check ready(HttpResponse<String> response) {
    if (response.statusCode() == 200 && response.body().contains("\"ok\"")) {
      return Check.ok("answer", "a Niro server, ready");
    }
    if (response.statusCode() == 503) {
      return Check.warning("answer", "the server is starting or stopping", "try again in a moment");
    }
    return Check.failed(
        "answer",
        "not a Niro server: status " + response.statusCode(),
        "check the URL, and what a proxy on the way answers");
  }

  private static Check clock(HttpResponse<String> response) {
    try {
      String date = response.headers().firstValue("date").orElse("");
      Instant theirs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration apart = Duration.between(theirs, SystemTime.CLOCK.instant());
      String detail = apart.toSeconds() + " s ahead of the server's";
      return apart.abs().compareTo(CLOCK_WARNING) > 0
          ? Check.warning("clock", detail, "set this machine's clock (NTP)")
          : Check.ok("clock", detail);
    } catch (DateTimeParseException e) {
      return Check.skipped("clock", "the server names no time");
    }
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equals(uri.getScheme()) ? 443 : 80;
  }
}
