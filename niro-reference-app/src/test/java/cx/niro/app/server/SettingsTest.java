package cx.niro.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        "simulate --clusters -1;--clusters must be at least 1, but was -1",
        "simulate --nodes 0;--nodes must be at least 1, but was 0",
        "simulate --churn 1.5;--churn must be 0 to 1, but was 1.5",
        "simulate --silent NaN;--silent must be 0 to 1, but was NaN",
        "simulate --report 0s;--report must be at least 1, but was 0",
        "get nodes -n shop;--namespace means nothing for nodes; leave it out",
        "get clusters -n shop;--namespace means nothing for clusters; leave it out",
        "get incidents -n shop;--namespace means nothing for incidents; leave it out",
        "get nodes -q web;--query means nothing for nodes; leave it out",
        "get clusters -c a -f x=1;--filter means nothing for clusters of one cluster; leave it out",
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
  void a_data_folder_without_a_name_is_refused() {
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine().setErr(new PrintWriter(err));
    assertThat(command.execute("server", "--data-dir", "")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("--data-dir (NIRO_DATA_DIR) is empty");
  }

  @Test
  void a_server_that_gets_no_port_leaves_nothing_behind() {
    Path data = folder.resolve("data");
    try (RunningServer first = RunningServer.start(settings("127.0.0.1", null, null))) {
      String port = Integer.toString(first.address().getPort());
      StringWriter err = new StringWriter();
      CommandLine command = Main.commandLine().setErr(new PrintWriter(err));
      int exit = command.execute("server", "--port", port, "--data-dir", data.toString());
      assertThat(exit).as(err.toString()).isEqualTo(ExitCode.CONFLICT);
      assertThat(err.toString()).contains("cannot be opened: in use by another program?");
    }
    assertThat(data).doesNotExist();
  }

  @Test
  void a_file_that_is_no_database_is_said_to_be_none() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.write(data.resolve("niro.mv.db"), new byte[8192]);
    assertThatThrownBy(() -> RunningServer.start(settings("127.0.0.1", data, null)))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("may be damaged, or no database")
        .hasMessageNotContaining("null");
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
