package cx.niro.app.agent;

import cx.niro.app.Terminal;
import cx.niro.app.cli.Check;
import cx.niro.app.cli.CheckReport;
import cx.niro.app.cli.NetworkChecks;
import cx.niro.app.cli.RestClient;
import cx.niro.app.cli.Trust;
import cx.niro.core.Credential;
import cx.niro.core.InvalidRequestException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Looks for what keeps an agent from reporting. */
@Command(
    name = "agent",
    description =
        "Looks from the agent's side, with its environment: DNS, proxy, TLS, clock, token or key,"
            + " RBAC, metrics API.")
public final class AgentDoctorCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, String> environment = System.getenv();
    List<Check> checks = new ArrayList<>(serverChecks(environment));
    checks.add(token(environment.getOrDefault("NIRO_TOKEN", "")));
    checks.addAll(ClusterChecks.all(environment));
    return CheckReport.print(checks, spec.commandLine().getOut());
  }

  private static List<Check> serverChecks(Map<String, String> environment) {
    String text = environment.getOrDefault("NIRO_SERVER", "").strip();
    @Nullable URI server = uriOf(text);
    if (server == null) {
      return List.of(
          Check.failed(
              "server",
              text.isEmpty() ? "NIRO_SERVER is not set" : "NIRO_SERVER is '" + text + "'",
              "set NIRO_SERVER to the server's URL, https://…"));
    }
    SSLContext trust = Trust.of(caFile(environment));
    RestClient client = new RestClient(server, null, trust, TIMEOUT);
    return new NetworkChecks(server, trust, environment).all(client);
  }

  private static @Nullable URI uriOf(String text) {
    try {
      URI uri = URI.create(text);
      return uri.getHost() == null ? null : uri;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable Path caFile(Map<String, String> environment) {
    String file = environment.getOrDefault("NIRO_CA_FILE", "");
    return file.isBlank() ? null : Path.of(file);
  }

  private static Check token(String text) {
    if (text.isBlank()) {
      return Check.skipped("token", "NIRO_TOKEN is not set; a stored key or token is used");
    }
    try {
      Credential token = Credential.parse(Credential.Kind.ENROLLMENT_TOKEN, text);
      return Check.ok("token", "complete: " + token);
    } catch (InvalidRequestException e) {
      return Check.failed(
          "token",
          "NIRO_TOKEN: " + Terminal.clean(String.valueOf(e.getMessage())),
          "copy it again, or make a new one: niro enroll NAME --again");
    }
  }
}
