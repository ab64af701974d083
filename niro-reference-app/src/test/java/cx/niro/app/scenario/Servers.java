package cx.niro.app.scenario;

import cx.niro.app.server.Postgres;
import cx.niro.app.server.RunningServer;
import cx.niro.app.server.ServerSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * Servers of the app for tests: short windows, an admin token, any free port unless one is named.
 */
final class Servers {
  static final String ADMIN_TOKEN = "scenario-admin-token-0001";

  private Servers() {}

  static RunningServer inMemory() {
    return RunningServer.start(settings(null, 0, null));
  }

  /** One that was told this address of its own, or none. */
  static RunningServer knownAs(URI publicUrl) {
    return RunningServer.start(settings(null, 0, publicUrl, null));
  }

  static RunningServer on(Path dataDir, int port) {
    return RunningServer.start(settings(dataDir, port, null));
  }

  static RunningServer onPostgres(String url, Path dataDir, int port) {
    ServerSettings inFolder = settings(dataDir, port, null);
    return RunningServer.start(
        new ServerSettings(
            inFolder.host(),
            port,
            dataDir,
            new Postgres(
                url,
                "postgres",
                null,
                port == 0 ? null : URI.create("http://127.0.0.1:" + port),
                true),
            inFolder.commits(),
            inFolder.publicUrl(),
            null,
            inFolder.windows(),
            ADMIN_TOKEN,
            Duration.ZERO,
            inFolder.trustedProxies(),
            inFolder.notifications(),
            Set.of()));
  }

  static ServerSettings settings(Path dataDir, int port, ServerSettings.Tls tls) {
    return settings(dataDir, port, URI.create("https://niro.example.com"), tls);
  }

  private static ServerSettings settings(
      Path dataDir, int port, URI publicUrl, ServerSettings.Tls tls) {
    return new ServerSettings(
        "127.0.0.1",
        port,
        dataDir,
        publicUrl,
        tls,
        new ServerSettings.Windows(
            Duration.ofSeconds(1), Duration.ofSeconds(65), Duration.ofSeconds(150)),
        ADMIN_TOKEN,
        Duration.ZERO);
  }
}
