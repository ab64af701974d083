package cx.niro.app.cli;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Printed;
import cx.niro.app.SystemTime;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists clusters, nodes, pods, deployments, incidents or channels. */
@Command(
    name = "get",
    description = "Lists clusters, nodes, pods, deployments, incidents or channels.",
    footer = {
      "",
      "Examples:",
      "  niro get clusters",
      "  niro get pods --cluster lab-k3s -n shop -o wide",
      "  niro get incidents --filter state=firing --watch"
    })
public final class GetCommand implements Callable<Integer> {
  private static final Set<String> AGES = Set.of("AGE", "LAST-BEAT", "LAST-SYNC");

  /** How to print. */
  enum Output {
    TABLE,
    WIDE,
    JSON,
    YAML;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(index = "0", description = "What to list: ${COMPLETION-CANDIDATES}.")
  Resource resource = Resource.CLUSTERS;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES}; default table.")
  Output output = Output.TABLE;

  @Option(
      names = {"-c", "--cluster"},
      paramLabel = "NAME",
      description = "Only of this cluster, by name or id.")
  @Nullable String cluster;

  @Option(
      names = {"-n", "--namespace"},
      description = "Only pods or findings of this namespace.")
  @Nullable String namespace;

  @Option(
      names = {"-q", "--query"},
      paramLabel = "TEXT",
      description = "Only clusters or pods whose name contains this.")
  @Nullable String text;

  @Option(
      names = {"-f", "--filter"},
      paramLabel = "NAME=VALUE",
      description = "Any other filter of the REST API: status, environment, label, phase, state …")
  Map<String, String> filters = Map.of();

  @Option(
      names = "--limit",
      converter = AtLeastOne.class,
      defaultValue = "5000",
      description = "At most so many; default 5000.")
  int limit;

  @Option(
      names = {"-w", "--watch"},
      description = "Goes on and prints what changes.")
  boolean watch;

  @Option(
      names = "--watch-seconds",
      converter = AtLeastOne.class,
      defaultValue = "2",
      description = "How often to look; default 2.")
  int watchSeconds;

  @Mixin ServerConnection connection;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    checkFilters();
    RestClient client = connection.open();
    PrintWriter out = spec.commandLine().getOut();
    Set<String> printed = new HashSet<>();
    do {
      print(rows(client), printed, out);
      out.flush();
      if (watch) {
        SystemTime.sleep(Duration.ofSeconds(Math.max(1, watchSeconds)));
      }
    } while (watch && !Thread.currentThread().isInterrupted() && !out.checkError());
    return ExitCode.OK;
  }

  /** The server refuses what it does not know; these are decided here and never reach it. */
  private void checkFilters() {
    boolean unfiltered =
        !resource.isFleetWide() || (resource == Resource.CLUSTERS && cluster != null);
    if (namespace != null && !resource.hasNamespaces()) {
      throw meaningless("--namespace");
    }
    if (unfiltered && text != null) {
      throw meaningless("--query");
    }
    if (unfiltered && !filters.isEmpty()) {
      throw meaningless("--filter");
    }
  }

  private CommandException meaningless(String option) {
    String which = cluster == null ? "" : " of one cluster";
    return new CommandException(
        ExitCode.USAGE, option + " means nothing for " + resource + which + "; leave it out");
  }

  private List<Document> rows(RestClient client) {
    FleetLists lists = new FleetLists(client);
    @Nullable Document one = cluster == null ? null : lists.cluster(cluster);
    if (resource == Resource.CLUSTERS && one != null) {
      return List.of(one);
    }
    if (!resource.isFleetWide()) {
      List<Document> clusters =
          one == null ? lists.all("/api/v1/clusters", "", limit) : List.of(one);
      return lists.ofEach(resource, clusters, limit);
    }
    return lists.all(resource.path(one == null ? "" : one.cell("id")), query(), limit);
  }

  private String query() {
    List<String> parts = new ArrayList<>();
    filters.forEach((name, value) -> parts.add(name + "=" + RestClient.encode(value)));
    if (namespace != null) {
      parts.add("namespace=" + RestClient.encode(namespace));
    }
    if (text != null) {
      parts.add("q=" + RestClient.encode(text));
    }
    return String.join("&", parts);
  }

  private void print(List<Document> rows, Set<String> printed, PrintWriter out) {
    switch (output) {
      case JSON -> printWhole(Printed.json(Map.of("items", raw(rows))), printed, out);
      case YAML -> printWhole("---\n" + Printed.yaml(Map.of("items", raw(rows))), printed, out);
      default -> printTable(rows, printed, out);
    }
  }

  private static List<Map<String, @Nullable Object>> raw(List<Document> rows) {
    return rows.stream().map(Document::members).toList();
  }

  /** In a watch the whole document again, but only when it changed. */
  private static void printWhole(String document, Set<String> printed, PrintWriter out) {
    if (!printed.contains(document)) {
      printed.clear();
      printed.add(document);
      out.println(document.stripTrailing());
    }
  }

  /** In a watch only the rows that were not printed like this before. */
  private void printTable(List<Document> rows, Set<String> printed, PrintWriter out) {
    List<Column> columns = resource.columns(output == Output.WIDE);
    List<List<String>> cells = new ArrayList<>();
    cells.add(columns.stream().map(Column::title).toList());
    for (Document row : rows) {
      cells.add(columns.stream().map(column -> column.cell().apply(row)).toList());
    }
    List<String> lines = Table.lines(cells);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      String key = i == 0 ? "" : stable(columns, cells.get(i));
      if (!printed.contains(key)) {
        out.println(lines.get(i));
      }
      seen.add(key);
    }
    if (rows.isEmpty() && printed.isEmpty()) {
      spec.commandLine().getErr().println("Nothing found.");
    }
    printed.clear();
    printed.addAll(seen);
    printed.add("");
  }

  /** A row without its ages, which change by themselves. */
  private static String stable(List<Column> columns, List<String> cells) {
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      boolean age = AGES.contains(columns.get(i).title());
      key.append(age ? "" : cells.get(i)).append('\u0000');
    }
    return key.toString();
  }
}
