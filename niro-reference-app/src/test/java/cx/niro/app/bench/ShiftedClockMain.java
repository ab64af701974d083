package cx.niro.app.bench;

import cx.niro.app.Main;
import cx.niro.app.SystemTime;
import cx.niro.app.server.ServerCommand;
import java.time.Duration;
import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** {@code niro …} of a machine whose clock is off by {@code -Dniro.bench.clock=PT1H}. */
public final class ShiftedClockMain {
  static final String OFFSET = "niro.bench.clock";

  private ShiftedClockMain() {}

  public static void main(String[] arguments) {
    Duration offset = Duration.parse(System.getProperty(OFFSET));
    InstantSource clock = () -> SystemTime.CLOCK.instant().plus(offset);
    System.exit(Main.commandLine(new Commands(clock)).execute(arguments));
  }

  private record Commands(InstantSource clock) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      return type == ServerCommand.class
          ? type.cast(new ServerCommand(clock))
          : CommandLine.defaultFactory().create(type);
    }
  }
}
