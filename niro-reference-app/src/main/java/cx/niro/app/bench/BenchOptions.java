package cx.niro.app.bench;

import cx.niro.app.server.DatabaseFlags;
import cx.niro.app.server.Durations;
import cx.niro.server.jdbc.JdbcStores.Commits;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is measured, and how long. */
final class BenchOptions {
  /** What is measured. */
  enum What {
    FULL,
    DELTA,
    USAGE,
    UNCHANGED,
    /** Deltas after a restart, of clusters of which nothing is in memory yet. */
    COLD,
    /** Unchanged beats, each over a new connection. */
    RECONNECT,
    /** Commands to parked polls. */
    COMMAND;

    /** Which beat is sent. */
    Script.Kind beat() {
      return switch (this) {
        case FULL -> Script.Kind.FULL;
        case DELTA, COLD -> Script.Kind.DELTA;
        case USAGE -> Script.Kind.USAGE;
        case UNCHANGED, RECONNECT, COMMAND -> Script.Kind.UNCHANGED;
      };
    }
  }

  @Option(
      names = "--rows",
      split = ",",
      defaultValue = "full,delta,usage,unchanged",
      description =
          "What is measured, of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}. usage: nothing"
              + " changed but some usage; cold: a delta after a restart; reconnect: an unchanged"
              + " beat on a new connection; command: to a parked poll.")
  Set<What> rows = EnumSet.noneOf(What.class);

  @Option(
      names = "--parked",
      defaultValue = "10000",
      description =
          "How many clusters hold a poll open while commands are sent, at most --clusters; default"
              + " 10000.")
  int parked;

  @Option(
      names = "--commits",
      defaultValue = "synchronous",
      description = "As of niro server; default synchronous.")
  Commits commits = Commits.SYNCHRONOUS;

  @Option(names = "--nodes", defaultValue = "3", description = "Nodes of a cluster; default 3.")
  int nodes;

  @Option(names = "--pods", defaultValue = "60", description = "Pods of a cluster; default 60.")
  int pods;

  @Option(
      names = "--clusters",
      defaultValue = "500",
      description = "How many beat in turn; default 500.")
  int clusters;

  @Option(
      names = "--rate",
      defaultValue = "400",
      description =
          "Beats a second, the same for ours and the floors; default 400. A cluster may beat once a"
              + " second on average.")
  double rate;

  @Option(
      names = "--connections",
      defaultValue = "16",
      description = "Connections, each with a thread of the generator; default 16.")
  int connections;

  @Option(names = "--http", defaultValue = "1", description = "1 for HTTP/1.1, 2 for HTTP/2.")
  int http;

  @Option(names = "--rounds", defaultValue = "5", description = "Default 5.")
  int rounds;

  @Option(
      names = "--seconds",
      converter = Durations.class,
      defaultValue = "20s",
      description = "How long each row of a round is; default 20s.")
  Duration time = Duration.ofSeconds(20);

  @Option(
      names = "--warm-up",
      converter = Durations.class,
      defaultValue = "30s",
      description = "How long each row runs before the first round; default 30s.")
  Duration warmUp = Duration.ofSeconds(30);

  @Option(
      names = "--java-options",
      split = " ",
      defaultValue = "-Xmx2g",
      description = "For the measured processes; default -Xmx2g.")
  List<String> javaOptions = List.of("-Xmx2g");

  @Mixin DatabaseFlags database = new DatabaseFlags();
}
