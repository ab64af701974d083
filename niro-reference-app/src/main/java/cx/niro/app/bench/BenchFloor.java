package cx.niro.app.bench;

import cx.niro.app.server.ServerSettings;
import cx.niro.app.server.WebServer;
import cx.niro.server.ServerOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;

/**
 * The floors as a process of its own: a handler that reads a body and does nothing, on our port
 * with our settings, and the bare work on a beat, without a port.
 */
final class BenchFloor {
  private BenchFloor() {}

  /**
   * {@code FOLDER NODES PODS CLUSTERS [URL USER [PASSWORD-FILE]]}; then lines of {@code KIND RATE
   * MILLIS} ask for bare work and are answered with its count and milliseconds of p50 and p99.
   */
  public static void main(String[] arguments) throws IOException, SQLException {
    ServerSettings settings =
        new ServerSettings(
            "127.0.0.1",
            0,
            null,
            null,
            null,
            new ServerSettings.Windows(
                Duration.ofSeconds(15),
                ServerOptions.DEFAULT_UNKNOWN_AFTER,
                ServerOptions.DEFAULT_OFFLINE_AFTER),
            null,
            Duration.ZERO);
    FloorHandler handler = new FloorHandler();
    try (WebServer web = new WebServer(settings, handler);
        BareWork work = BareWork.open(Path.of(arguments[0]), Arrays.asList(arguments))) {
      web.start();
      Child.say(web.address());
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ", -1);
        Duration time = Duration.ofMillis(Long.parseLong(words[2]));
        Load.Outcome outcome =
            work.run(Script.Kind.valueOf(words[0]), Double.parseDouble(words[1]), time);
        Child.say(outcome.count() + " " + outcome.p50() + " " + outcome.p99());
      }
      handler.releaseAll();
    }
  }
}
