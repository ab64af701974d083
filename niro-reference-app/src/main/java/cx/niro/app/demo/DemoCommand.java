package cx.niro.app.demo;

import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Logs;
import cx.niro.app.SystemTime;
import cx.niro.app.access.Access;
import cx.niro.app.access.Role;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows a fleet: a server and twelve simulated clusters, gone when it ends. */
@Command(
    name = "demo",
    description =
        "Runs a server with twelve simulated clusters, some of them in trouble, on this machine"
            + " only. Everything is in memory and gone when it ends.",
    footer = {
      "",
      "Beats and windows are shorter than a real server's, so that trouble shows within a minute."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int MORE_PORTS = 20;
  private static final ServerSettings.Windows WINDOWS =
      new ServerSettings.Windows(
          Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(40));

  @Option(
      names = {"-p", "--port"},
      defaultValue = "${env:NIRO_PORT:-8080}",
      description = "Where to begin to look for a free port; NIRO_PORT, default 8080.")
  int port;

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Logs.withoutAgents();
    RunningServer server = firstFree();
    announce(server, spec.commandLine().getOut());
    VirtualFleet fleet =
        DemoFleet.start(server.address(), server.niro().clusters(), Access.ORGANIZATION);
    CountDownLatch ended = new CountDownLatch(1);
    SystemTime.onShutdown(
        "shutdown",
        () -> {
          fleet.kill();
          server.close();
          ended.countDown();
        });
    ended.await();
    return ExitCode.OK;
  }

  private RunningServer firstFree() {
    for (int i = 0; i < MORE_PORTS && port > 0; i++) {
      try {
        return RunningServer.start(settings(port + i));
      } catch (CommandException e) {
        if (e.exitCode() != ExitCode.CONFLICT) {
          throw e;
        }
      }
    }
    return RunningServer.start(settings(0));
  }

  private static ServerSettings settings(int port) {
    @Nullable String adminToken = System.getenv("NIRO_ADMIN_TOKEN");
    try {
      return new ServerSettings(
          LOOPBACK,
          port,
          null,
          URI.create("http://" + LOOPBACK + ":" + port),
          null,
          WINDOWS,
          adminToken == null || adminToken.isEmpty() ? null : adminToken,
          Duration.ZERO);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static void announce(RunningServer server, PrintWriter out) {
    Access access = server.access();
    String code = access.newLoginCode("demo@example.com");
    String token = access.newApiToken("demo", Role.OWNER).secretText();
    out.println();
    out.println("  Niro shows a simulated fleet at " + server.address());
    out.println();
    out.println("  Open it:   " + server.address() + "/login#code=" + code);
    out.println("  Ask it:    export NIRO_SERVER=" + server.address() + " NIRO_API_TOKEN=" + token);
    out.println("             niro get clusters");
    out.println(
        "             curl -s -H \"Authorization: Bearer $NIRO_API_TOKEN\" "
            + server.address()
            + "/api/v1/fleet");
    out.println();
    out.println("  Ctrl-C ends it and throws everything away.");
    out.flush();
  }
}
