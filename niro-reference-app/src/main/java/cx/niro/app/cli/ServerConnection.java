package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Terminal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say which server a command talks to, and as whom. */
public final class ServerConnection {
  @Option(
      names = {"-s", "--server"},
      paramLabel = "URL",
      defaultValue = "${env:NIRO_SERVER:-http://127.0.0.1:8080}",
      description = "The server; NIRO_SERVER, default http://127.0.0.1:8080.")
  String server = "";

  @Option(
      names = "--api-token",
      paramLabel = "TOKEN",
      defaultValue = "${env:NIRO_API_TOKEN}",
      description =
          "An API token; better in NIRO_API_TOKEN, where other users of this machine cannot see it.")
  @Nullable String apiToken;

  @Option(
      names = "--ca-file",
      paramLabel = "PEM",
      defaultValue = "${env:NIRO_CA_FILE}",
      description = "Certificates to trust besides the usual ones; NIRO_CA_FILE.")
  @Nullable Path caFile;

  @Option(
      names = "--timeout",
      converter = AtLeastOne.class,
      paramLabel = "SECONDS",
      defaultValue = "15",
      description = "How long to wait for one answer, default 15.")
  int timeoutSeconds;

  @Option(
      names = "--allow-http",
      description = "Sends the token in clear text over http:// too; NIRO_ALLOW_HTTP=1.")
  boolean allowHttp;

  /** A client of that server. */
  public RestClient open() {
    URI uri = uri();
    if ("http".equals(uri.getScheme()) && apiToken != null && !mayUseHttp(uri)) {
      throw new CommandException(
          ExitCode.USAGE,
          "--server is http://, which would send the API token in clear text to "
              + Terminal.clean(uri.getHost())
              + "; use https://, or say --allow-http (NIRO_ALLOW_HTTP=1)");
    }
    return new RestClient(uri, apiToken, Trust.of(caFile), Duration.ofSeconds(timeoutSeconds));
  }

  /** The server's address without a path. */
  public URI uri() {
    try {
      URI uri = URI.create(server);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null) {
        return URI.create(server.replaceAll("/+$", ""));
      }
    } catch (IllegalArgumentException e) {
      // Said below, for every form that is wrong.
    }
    throw new CommandException(
        ExitCode.USAGE,
        "--server must be like https://niro.example.com, but is '" + Terminal.clean(server) + "'");
  }

  private boolean mayUseHttp(URI uri) {
    String host = uri.getHost();
    boolean loopback =
        host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d+){3}");
    return loopback || allowHttp || "1".equals(environment().get("NIRO_ALLOW_HTTP"));
  }

  @Nullable String apiToken() {
    return apiToken;
  }

  @Nullable Path caFile() {
    return caFile;
  }

  /** The environment that the proxy settings come from. */
  static Map<String, String> environment() {
    return System.getenv();
  }
}
