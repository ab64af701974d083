package cx.niro.app.bench;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.check.CheckCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what a heartbeat costs on this machine, beside floors. */
@Command(
    name = "bench",
    description =
        "Measures what a heartbeat costs on this machine (Linux): processor time of the server and"
            + " of PostgreSQL for 1,000 beats, latency and memory. Beside it, as processes of their"
            + " own and in turns: an HTTP handler that reads the same bytes and does nothing, and"
            + " the bare work of decompressing, decoding and writing them.",
    footer = {
      "",
      "Examples:",
      "  niro bench",
      "  niro bench --rows full,delta --rounds 3 --seconds 10s --warm-up 10s",
      "  niro bench --rows full --nodes 20 --pods 1000 --clusters 50 --rate 25",
      "  niro bench --rows command --nodes 1 --pods 1 --clusters 10000",
      "  niro bench --database-url jdbc:postgresql://127.0.0.1/bench --database-user niro",
      "",
      "A database that is named must be empty and can be thrown away afterwards.",
      "docs/performance.md: what was measured, and how to read it."
    })
public final class BenchCommand implements Callable<Integer> {
  @Mixin BenchOptions options = new BenchOptions();

  @Option(
      names = {"-o", "--output"},
      description = "table (default) or json.")
  CheckCommand.Output output = CheckCommand.Output.TABLE;

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    check();
    PrintWriter err = spec.commandLine().getErr();
    Path folder = Files.createTempDirectory("niro-bench");
    Report report;
    try (Bench bench =
        new Bench(
            options,
            folder,
            text -> {
              err.println("bench: " + text);
              err.flush();
            })) {
      report = bench.run();
    } finally {
      delete(folder);
    }
    PrintWriter out = spec.commandLine().getOut();
    List<String> lines =
        output == CheckCommand.Output.JSON ? List.of(report.json()) : report.table();
    lines.forEach(out::println);
    out.flush();
    return ExitCode.OK;
  }

  private void check() {
    if (options.rate > options.clusters) {
      throw new CommandException(
          ExitCode.USAGE,
          "--rate must be at most --clusters: each may beat once a second on average");
    }
    if (options.connections > options.clusters) {
      throw new CommandException(ExitCode.USAGE, "--connections must be at most --clusters");
    }
    if (!Files.isReadable(Path.of("/proc/self/stat"))) {
      throw new CommandException(ExitCode.FAILED, "processor time is read from /proc: Linux only");
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
