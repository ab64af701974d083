package cx.niro.app.cli;

import cx.niro.app.ExitCode;
import cx.niro.app.Version;
import cx.niro.core.protocol.Protocol;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what this build is. */
@Command(name = "version", description = "Prints the version, the protocol and the Java runtime.")
public final class VersionCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine()
        .getOut()
        .println(
            "niro "
                + Version.current()
                + ", agent protocol "
                + Protocol.VERSION
                + ", Java "
                + Runtime.version());
    return ExitCode.OK;
  }
}
