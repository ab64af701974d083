package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Flags that say which cluster is meant, and what can be done with its managed deployments. */
public final class DeploymentTarget {
  private static final List<String> FINAL =
      List.of("succeeded", "failed", "rejected", "expired", "cancelled");
  private static final int WAIT_STEP = 20;

  /** The field managers from whom {@code adopt} takes fields over. */
  private static final Set<String> KUBECTL =
      Set.of("kubectl", "kubectl-edit", "kubectl-client-side-apply");

  @Option(
      names = {"-c", "--cluster"},
      required = true,
      paramLabel = "NAME",
      description = "The cluster, by name or id.")
  String cluster = "";

  @Mixin ServerConnection connection;

  private @Nullable String base;

  RestClient client() {
    return connection.open();
  }

  /** The path of the deployment of this name. */
  String path(RestClient client, String name) {
    return base(client) + "/deployments/" + RestClient.encode(name);
  }

  private String base(RestClient client) {
    if (base == null) {
      String id = new FleetLists(client).cluster(cluster).cell("id");
      base = "/api/v1/clusters/" + RestClient.encode(id);
    }
    return base;
  }

  /** The command when it is finished, or as it is after so many seconds. */
  Document finished(RestClient client, String command, int seconds) {
    String path = base(client) + "/commands/" + RestClient.encode(command);
    Document row = client.get(path);
    int left = seconds;
    while (!FINAL.contains(row.cell("state")) && left > 0) {
      int step = Math.min(WAIT_STEP, left);
      row = client.get(path + "?waitSeconds=" + step, Duration.ofSeconds(step));
      left -= step;
    }
    if (!FINAL.contains(row.cell("state"))) {
      throw new CommandException(
          ExitCode.TIMED_OUT,
          "not done within " + seconds + " s; the command is " + row.cell("state"));
    }
    return row;
  }

  /**
   * How an apply ended.
   *
   * @param lines one for each object
   * @param failure why it is no success
   * @param adoptable what is in its way, where that is kubectl's only
   */
  record Outcome(List<String> lines, @Nullable String failure, List<String> adoptable) {}

  /** What became of the apply that was sent, once it is over. */
  Outcome outcome(RestClient client, String path, Document sent, int seconds) {
    Document command = finished(client, sent.cell("command"), seconds);
    Document now = client.get(path);
    if (!now.cell("command").equals(sent.cell("command"))) {
      throw new CommandException(ExitCode.CONFLICT, "a newer apply took its place");
    }
    String status = now.cell("applyStatus");
    String why = now.text("reason").or(() -> command.text("reason")).orElse("");
    String failure = "the apply ended " + status + ": " + Terminal.clean(why + hint(now));
    return new Outcome(results(now), status.equals("succeeded") ? null : failure, adoptable(now));
  }

  /** A line for each object of the newest report. */
  static List<String> results(Document deployment) {
    return deployment.documents("objects").stream().map(DeploymentTarget::result).toList();
  }

  private static String result(Document row) {
    String why = row.text("message").map(message -> ": " + message).orElse("");
    return Terminal.clean(row.cell("action") + " " + place(row, "") + why);
  }

  private static String place(Document row, String prefix) {
    String name =
        Stream.of(row.text(prefix + "namespace").orElse(""), row.cell(prefix + "name"))
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("/"));
    return row.cell(prefix + "kind") + " " + name;
  }

  private static List<Document> contested(Document deployment) {
    return deployment.documents("conflicts").stream()
        .filter(conflict -> !"true".equals(conflict.cell("taken")))
        .toList();
  }

  private static boolean areKubectls(List<Document> contested) {
    return contested.stream().allMatch(conflict -> KUBECTL.contains(conflict.cell("manager")));
  }

  private static String told(Document conflict) {
    return Terminal.clean(
        place(conflict, "object.")
            + ": "
            + String.join(", ", conflict.texts("fields"))
            + " ("
            + conflict.cell("manager")
            + ")");
  }

  private static List<String> adoptable(Document deployment) {
    List<Document> contested = contested(deployment);
    return areKubectls(contested)
        ? contested.stream().map(DeploymentTarget::told).toList()
        : List.of();
  }

  private static String hint(Document deployment) {
    List<Document> contested = contested(deployment);
    if (contested.isEmpty()) {
      return "";
    }
    return contested.stream()
        .map(conflict -> conflict.cell("manager"))
        .distinct()
        .collect(
            Collectors.joining(
                ", ",
                "; fields belong to ",
                ": take them over with "
                    + (areKubectls(contested) ? "--adopt" : "--force-conflicts")));
  }
}
