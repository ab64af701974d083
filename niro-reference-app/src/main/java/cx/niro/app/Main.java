package cx.niro.app;

import cx.niro.app.agent.AgentCommand;
import cx.niro.app.agent.AgentDoctorCommand;
import cx.niro.app.bench.BenchCommand;
import cx.niro.app.check.CheckCommand;
import cx.niro.app.check.ReplayCommand;
import cx.niro.app.cli.ApplyCommand;
import cx.niro.app.cli.DeleteCommand;
import cx.niro.app.cli.DescribeCommand;
import cx.niro.app.cli.DiffCommand;
import cx.niro.app.cli.DoctorCommand;
import cx.niro.app.cli.EnrollCommand;
import cx.niro.app.cli.GetCommand;
import cx.niro.app.cli.LogsCommand;
import cx.niro.app.cli.PingCommand;
import cx.niro.app.cli.RollbackCommand;
import cx.niro.app.cli.RotateKeyCommand;
import cx.niro.app.cli.TokenCommand;
import cx.niro.app.cli.UpdateCommand;
import cx.niro.app.cli.UserCommand;
import cx.niro.app.cli.VersionCommand;
import cx.niro.app.demo.DemoCommand;
import cx.niro.app.server.ExportCommand;
import cx.niro.app.server.ImportCommand;
import cx.niro.app.server.MigrateCommand;
import cx.niro.app.server.ServerCommand;
import cx.niro.app.simulate.SimulateCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The way in: {@code niro COMMAND}. */
@Command(
    name = "niro",
    description = "Fleet management for Kubernetes clusters that only reach out over HTTPS.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ServerCommand.class,
      MigrateCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      AgentCommand.class,
      DemoCommand.class,
      SimulateCommand.class,
      BenchCommand.class,
      GetCommand.class,
      EnrollCommand.class,
      PingCommand.class,
      RotateKeyCommand.class,
      LogsCommand.class,
      ApplyCommand.class,
      DescribeCommand.class,
      DiffCommand.class,
      RollbackCommand.class,
      DeleteCommand.class,
      UpdateCommand.class,
      CheckCommand.class,
      ReplayCommand.class,
      TokenCommand.class,
      UserCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:not done; the message says why",
      "2:a flag, an argument or an environment variable is wrong",
      "3:the server cannot be reached",
      "4:no API token, or one that is not known",
      "5:not allowed",
      "6:not found",
      "7:in conflict with what is there",
      "8:not done within the time given"
    })
public final class Main implements Runnable {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this help.")
  boolean help;

  @Spec CommandSpec spec;

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The commands, ready to run; for tests with writers of their own. */
  public static CommandLine commandLine() {
    return commandLine(CommandLine.defaultFactory());
  }

  /** The same with options and commands that {@code factory} makes. */
  public static CommandLine commandLine(CommandLine.IFactory factory) {
    CommandLine line = new CommandLine(new Main(), factory);
    CommandLine doctor = new CommandLine(new DoctorCommand());
    line.addSubcommand(doctor.addSubcommand(new AgentDoctorCommand()));
    line.addSubcommand(new VersionCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setExecutionExceptionHandler(Main::report);
    return line;
  }

  private static int report(Exception failure, CommandLine line, CommandLine.ParseResult parsed)
      throws Exception {
    if (failure instanceof CommandException known) {
      line.getErr().println("niro: " + Terminal.clean(String.valueOf(known.getMessage())));
      line.getErr().flush();
      return known.exitCode();
    }
    throw failure;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
  }
}
