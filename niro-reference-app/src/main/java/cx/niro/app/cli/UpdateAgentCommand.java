package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.SystemTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Offers agents another image, or shows how far that is. */
@Command(
    name = "agent",
    description =
        "Makes agents run another image of the repository that they were installed from; without"
            + " --to, shows how far the newest update is.",
    footer = {
      "",
      "Examples:",
      "  niro update agent lab-k3s --to sha256:7d1f… --wait",
      "  niro update agent -e staging -l site=lyon --to sha256:7d1f…",
      "  niro update agent --all"
    })
public final class UpdateAgentCommand implements Callable<Integer> {
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("CLUSTER", "cluster.name"),
          Column.of("STATE", "state"),
          Column.of("IMAGE", "update.image"),
          Column.age("AGE", "update.requestedAt", SystemTime.CLOCK),
          Column.of("REASON", "reason"));

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "CLUSTER",
      description = "The cluster, by name or id.")
  @Nullable String cluster;

  @Option(
      names = "--to",
      paramLabel = "DIGEST",
      description = "sha256: and 64 hexadecimal digits, of the image that is wanted.")
  @Nullable String digest;

  @Option(names = "--all", description = "All clusters that this token may see.")
  boolean all;

  @Option(
      names = {"-e", "--env", "--environment"},
      description = "Clusters of this environment; repeat it for more.")
  List<String> environments = List.of();

  @Option(
      names = {"-l", "--label"},
      paramLabel = "KEY=VALUE",
      description = "Clusters with this label; repeat it for more, all must fit.")
  Map<String, String> labels = Map.of();

  @Option(
      names = "--wait",
      arity = "0..1",
      paramLabel = "SECONDS",
      fallbackValue = "600",
      defaultValue = "0",
      description = "Waits for the end, 600 s unless said otherwise.")
  int waitSeconds;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "table, json or yaml; default table.")
  GetCommand.Output output = GetCommand.Output.TABLE;

  @Mixin ServerConnection connection;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    boolean selected = all || !environments.isEmpty() || !labels.isEmpty();
    if ((cluster != null) == selected) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "Either a CLUSTER, or --env and --label, or --all");
    }
    AgentUpdates updates = new AgentUpdates(connection.open());
    List<Document> rows = rows(updates);
    if (waitSeconds > 0) {
      rows = updates.finished(rows, waitSeconds);
    }
    Listing.print(output, COLUMNS, rows, spec.commandLine().getOut());
    verdict(rows);
    return ExitCode.OK;
  }

  private List<Document> rows(AgentUpdates updates) {
    if (digest == null) {
      return updates.newest(cluster, query());
    }
    return cluster == null
        ? updates.offerMany(selector(), digest)
        : List.of(updates.offer(cluster, digest));
  }

  private Map<String, Object> selector() {
    Map<String, Object> selector = new LinkedHashMap<>();
    selector.put("environments", environments);
    selector.put("labels", labels);
    return selector;
  }

  private String query() {
    StringBuilder query = new StringBuilder();
    environments.forEach(each -> query.append("&environment=").append(RestClient.encode(each)));
    labels.forEach(
        (key, value) -> query.append("&label=").append(RestClient.encode(key + "=" + value)));
    return query.isEmpty() ? "" : query.substring(1);
  }

  /**
   * Showing is done when it has shown; offering and waiting when all went well, where anything was
   * offered.
   */
  private void verdict(List<Document> rows) {
    if (digest == null && waitSeconds == 0) {
      return;
    }
    long open = rows.stream().filter(AgentUpdates::isOpen).count();
    long good = rows.stream().filter(row -> row.cell("state").equals("done")).count();
    long never = rows.stream().filter(row -> row.cell("state").equals(AgentUpdates.NEVER)).count();
    long bad = rows.size() - open - good - never;
    if (bad > 0) {
      throw new CommandException(
          ExitCode.FAILED, bad + " of " + rows.size() + " agents are not updated; see REASON");
    }
    if (open > 0 && waitSeconds > 0) {
      throw new CommandException(
          ExitCode.TIMED_OUT,
          open + " of " + rows.size() + " updates are not done within " + waitSeconds + " s");
    }
  }
}
