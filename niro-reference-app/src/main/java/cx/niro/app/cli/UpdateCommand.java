package cx.niro.app.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Replaces what runs in clusters by another version. */
@Command(
    name = "update",
    description = "Replaces what runs in clusters by another version.",
    synopsisSubcommandLabel = "agent",
    subcommands = UpdateAgentCommand.class)
public final class UpdateCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "What? update agent CLUSTER");
  }
}
