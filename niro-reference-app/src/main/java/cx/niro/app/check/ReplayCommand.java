package cx.niro.app.check;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Printed;
import cx.niro.app.Terminal;
import cx.niro.app.cli.Table;
import cx.niro.core.Environment;
import cx.niro.core.incident.rules.Thresholds;
import cx.niro.server.spi.IncidentRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Plays recorded heartbeats to a server in memory and prints the incidents. */
@Command(
    name = "replay",
    description = "Plays the recorded heartbeats of a cluster and prints each incident.")
public final class ReplayCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "One {\"receivedAt\": TIME, \"heartbeat\": {...}} a line.")
  Path file = Path.of("");

  @Option(
      names = "--profile",
      defaultValue = "standard",
      description = "How soon incidents open: standard or conservative.")
  String profile = "standard";

  @Option(
      names = "--environment",
      defaultValue = "unspecified",
      description = "What the cluster is for; it makes severities: ${COMPLETION-CANDIDATES}.")
  Environment environment = Environment.UNSPECIFIED;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES}.")
  CheckCommand.Output output = CheckCommand.Output.TABLE;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    Thresholds thresholds = CheckCommand.thresholds("--profile", profile);
    Replay replay = new Replay();
    try {
      new Recording(file)
          .each(
              beat -> {
                if (replay.server == null) {
                  replay.server = new ReplayServer(beat.receivedAt(), environment, thresholds);
                }
                replay.server.take(beat);
              },
              this::warn);
      ReplayServer server = replay.server;
      if (server == null) {
        throw new CommandException(ExitCode.USAGE, file + " has no heartbeat");
      }
      print(server);
    } finally {
      replay.close();
    }
    return ExitCode.OK;
  }

  private void warn(String what) {
    spec.commandLine().getErr().println("niro: " + Terminal.clean(what));
    spec.commandLine().getErr().flush();
  }

  /** Holds the server, whose time begins with the first beat. */
  private static final class Replay {
    private @Nullable ReplayServer server;

    void close() {
      if (server != null) {
        server.close();
      }
    }
  }

  private void print(ReplayServer server) {
    List<IncidentRow> incidents = server.incidents();
    if (output == CheckCommand.Output.JSON) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("incidents", incidents.stream().map(ReplayCommand::json).toList());
      all.put("refusedHeartbeats", server.refused());
      spec.commandLine().getOut().println(Printed.json(all));
    } else {
      table(incidents).forEach(spec.commandLine().getOut()::println);
    }
    spec.commandLine().getOut().flush();
  }

  private static Map<String, @Nullable Object> json(IncidentRow row) {
    IncidentRow.Resolved end = row.resolved();
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("type", row.what().type().name());
    members.put("scope", row.what().scope().value());
    members.put("severity", row.telling().severity().wireName());
    members.put("opened", row.began().openedAt().toString());
    members.put("resolved", end == null ? null : end.at().toString());
    members.put("since", row.began().since().toString());
    members.put("resolution", end == null ? null : end.reason());
    members.put("suppressed", row.attention().isSuppressed());
    members.put("flapping", row.attention().flappingSince() != null);
    members.put("summary", row.telling().summary());
    members.put("evidence", row.telling().evidence());
    return members;
  }

  private static List<String> table(List<IncidentRow> incidents) {
    if (incidents.isEmpty()) {
      return List.of("No incident.");
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("OPENED", "RESOLVED", "SEVERITY", "INCIDENT", "SCOPE", "SUMMARY"));
    for (IncidentRow row : incidents) {
      IncidentRow.Resolved end = row.resolved();
      rows.add(
          List.of(
              row.began().openedAt().toString(),
              end == null ? "-" : end.at().toString(),
              row.telling().severity().wireName(),
              row.what().type().name(),
              row.what().scope().value(),
              row.telling().summary()));
    }
    return Table.lines(rows);
  }
}
