package cx.niro.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SettingsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "server --port 70000;--port (NIRO_PORT) must be 0 to 65535 but was 70000",
        "server --public-url https://a.example/niro;without a path",
        "server --public-url ftp://a.example;--public-url (NIRO_PUBLIC_URL)",
        "server --public-url https://a.example?x=1;--public-url (NIRO_PUBLIC_URL)",
        "server --trusted-proxies proxy.local;'proxy.local' is no address",
        "server --port 0 --host 203.0.113.77;203.0.113.77 is no address of this machine",
        "server --data-dir /dev/null;--data-dir (NIRO_DATA_DIR)",
        "server --unknown-after 10m --offline-after 1m;offlineAfter must be PT10M to",
        "server --unknown-after 5s;--unknown-after (NIRO_UNKNOWN_AFTER) must be at least 60s",
        "get clusters --timeout 0;'0' is not a whole number of at least 1",
        "get clusters --limit 0;'0' is not a whole number of at least 1",
      })
  void a_setting_that_is_wrong_ends_with_code_2_and_is_named(String line, String message) {
    List<String> arguments = new ArrayList<>(List.of(line.split(" ")));
    if (line.startsWith("server") && !line.contains("--data-dir")) {
      arguments.addAll(List.of("--data-dir", folder.resolve("data").toString()));
    }
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setErr(new PrintWriter(err));

    int exitCode = command.execute(arguments.toArray(new String[0]));

    assertThat(exitCode).as(err.toString()).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void a_public_url_may_end_with_a_slash() {
    assertThat(settings("127.0.0.1", null, "https://niro.example.com/").publicUrl())
        .hasToString("https://niro.example.com/");
  }

  @Test
  void a_database_in_a_folder_that_others_may_enter_is_readable_for_its_owner_only()
      throws Exception {
    Path open = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));

    RunningServer.start(settings("127.0.0.1", open, null)).close();
    Path database = open.resolve("niro.mv.db");
    assertThat(mode(database)).isEqualTo("rw-------");

    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r--r--"));
    RunningServer.start(settings("127.0.0.1", open, null)).close();
    assertThat(mode(database)).isEqualTo("rw-------");
    assertThat(mode(open)).isEqualTo("rwxr-xr-x");
  }

  private static String mode(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void links_to_an_ipv6_address_have_brackets() {
    RunningServer server;
    try {
      server = RunningServer.start(settings("::1", null, null));
    } catch (CommandException e) {
      Assumptions.abort("no IPv6 here: " + e.getMessage());
      return;
    }
    try (server) {
      assertThat(server.address().toString()).matches("http://\\[::1]:[0-9]+");
    }
  }

  private static ServerSettings settings(String host, Path dataDir, String publicUrl) {
    return new ServerSettings(
        host,
        0,
        dataDir,
        publicUrl == null ? null : URI.create(publicUrl),
        null,
        new ServerSettings.Windows(
            Duration.ofSeconds(15), Duration.ofSeconds(65), Duration.ofSeconds(150)),
        null,
        Duration.ZERO);
  }
}
