package cx.niro.app.cli;

import cx.niro.app.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks for what keeps a client or a server from working. */
@Command(
    name = "doctor",
    description = "Looks for what is wrong between here and the server, and says the next step.",
    footer = {"", "niro doctor agent looks from the agent's side."})
public final class DoctorCommand implements Callable<Integer> {
  private static final long FREE_BYTES = 200L << 20;

  @Option(
      names = "--data-dir",
      defaultValue = "${env:NIRO_DATA_DIR:-./niro-data}",
      description = "The server's data folder, looked at when it is there.")
  Path dataDir = Path.of("niro-data");

  @Mixin ServerConnection connection;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    List<Check> checks = new ArrayList<>();
    RestClient client = connection.open();
    NetworkChecks network =
        new NetworkChecks(
            connection.uri(), Trust.of(connection.caFile()), ServerConnection.environment());
    checks.addAll(network.all(client));
    checks.add(token(client));
    checks.add(data());
    return CheckReport.print(checks, spec.commandLine().getOut());
  }

  private Check token(RestClient client) {
    @Nullable String token = connection.apiToken();
    if (token == null || token.isBlank()) {
      return Check.skipped("token", "NIRO_API_TOKEN is not set");
    }
    try {
      long clusters = client.get("/api/v1/fleet").number("clusters").orElse(0L);
      return Check.ok("token", "accepted; the caller sees " + clusters + " clusters");
    } catch (CommandException e) {
      return Check.failed(
          "token", String.valueOf(e.getMessage()), "use an API token of this server");
    }
  }

  private Check data() {
    if (!Files.isDirectory(dataDir)) {
      return Check.skipped("data", "no data folder " + dataDir + " here");
    }
    if (!Files.isWritable(dataDir)) {
      return Check.failed("data", dataDir + " is not writable", "chown it to the server's user");
    }
    long free = dataDir.toFile().getUsableSpace();
    String detail = dataDir + ", " + (free >> 20) + " MB free";
    return free < FREE_BYTES
        ? Check.warning("data", detail, "make room: the server stops when the disk is full")
        : Check.ok("data", detail);
  }
}
