package cx.niro.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.agent.testkit.VirtualClusterSpec;
import cx.niro.agent.testkit.VirtualFleet;
import cx.niro.app.CommandException;
import cx.niro.app.server.RunningServer;
import cx.niro.server.testkit.RealPostgres;
import cx.niro.server.testkit.WithPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WithPostgres
class PostgresScenarioTest {
  @TempDir Path folder;

  private static Cli.Ran migrated(String url) {
    return Cli.local("migrate", "--database-url", url, "--database-user", "postgres");
  }

  @Test
  void a_fleet_moves_from_the_file_to_postgresql_with_its_keys_and_tokens() throws Exception {
    Path data = folder.resolve("data");
    Path rows = folder.resolve("niro.jsonl");
    String url = RealPostgres.newDatabaseUrl();
    RunningServer first = Servers.on(data, 0);
    int port = first.address().getPort();
    Cli niro = new Cli(first.address(), Servers.ADMIN_TOKEN);
    Cli member =
        new Cli(first.address(), niro.run("token", "create", "ci", "-o", "json").text("secret"));
    VirtualFleet fleet =
        VirtualFleet.builder(first.address().toString())
            .options(options -> options.proxy(null).http2PriorKnowledge(true))
            .build();
    try {
      fleet.add(
          VirtualClusterSpec.of(3, 30),
          niro.run("enroll", "factory-brno", "-o", "json").text("enrollment.token"));
      Await.until("healthy", () -> member.run("get", "clusters").out().contains("healthy"));
      first.close();

      Cli.Ran exported = Cli.local("export", rows.toString(), "--data-dir", data.toString());
      assertThat(exported.err()).isEmpty();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(rows)))
          .isEqualTo("rw-------");
      assertThat(migrated(url).exitCode()).isZero();
      String[] read = {
        "import", rows.toString(), "--database-url", url, "--database-user", "postgres"
      };
      assertThat(Cli.local(read).err()).isEmpty();
      assertThat(Cli.local(read).err()).contains("nothing was imported", "is not empty");

      try (RunningServer second = Servers.onPostgres(url, data, port)) {
        long before = fleet.metrics().beats();
        assertThat(member.run("get", "clusters").out()).contains("factory-brno", "healthy");
        Await.until("beats arrive again", () -> fleet.metrics().beats() > before);
        assertThat(niro.run("ping", "factory-brno").exitCode()).isZero();
        assertThat(fleet.metrics().enrolled()).isEqualTo(1);
      }
    } finally {
      fleet.kill();
      first.close();
    }
  }

  @Test
  void tables_that_are_not_there_are_refused_with_the_next_step() {
    String url = RealPostgres.newDatabaseUrl();

    assertThatThrownBy(() -> Servers.onPostgres(url, folder.resolve("data"), 0))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("has no tables of Niro yet")
        .hasMessageContaining("niro migrate");

    assertThat(migrated(url).out()).contains("are those of this version");
    Servers.onPostgres(url, folder.resolve("data"), 0).close();
  }

  @Test
  void a_url_that_is_not_postgresqls_and_a_database_that_is_away_are_named() {
    Cli.Ran wrong = migrated("jdbc:mysql://ann:secret@db/niro?password=secret");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err())
        .contains("--database-url (NIRO_DATABASE_URL) must be like", "jdbc:mysql://db/niro")
        .doesNotContain("secret");

    Cli.Ran away = migrated("jdbc:postgresql://127.0.0.1:1/niro?password=secret");
    assertThat(away.exitCode()).isEqualTo(3);
    assertThat(away.err())
        .contains("jdbc:postgresql://127.0.0.1:1/niro cannot be opened")
        .doesNotContain("secret");
    assertThat(Cli.local("migrate").err()).contains("which database?");
  }

  @Test
  void a_user_who_may_make_no_tables_is_told_so_in_one_line() throws Exception {
    String url = RealPostgres.newDatabaseUrl();
    try (Connection connection = DriverManager.getConnection(url, "postgres", "any");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE reader LOGIN PASSWORD 'any'");
    }

    Cli.Ran ran = Cli.local("migrate", "--database-url", url, "--database-user", "reader");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).startsWith("niro: jdbc:postgresql://").contains("permission denied");
    assertThat(ran.err().lines()).hasSize(1);
  }

  @Test
  void an_export_that_fails_leaves_no_file_and_an_import_wants_the_tables_for_users()
      throws Exception {
    Path rows = folder.resolve("niro.jsonl");
    String url = RealPostgres.newDatabaseUrl();
    String[] database = {"--database-url", url, "--database-user", "postgres"};
    assertThat(migrated(url).exitCode()).isZero();
    try (Connection connection = DriverManager.getConnection(url, "postgres", "any");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE niro_a (id INT PRIMARY KEY); CREATE TABLE niro_b (id INT PRIMARY KEY"
              + " REFERENCES niro_a); ALTER TABLE niro_a ADD FOREIGN KEY (id) REFERENCES niro_b");
      Cli.Ran failed =
          Cli.local("export", rows.toString(), database[0], url, database[2], "postgres");
      assertThat(failed.err()).contains("not exported: tables refer to each other in a circle");
      assertThat(rows).doesNotExist();
      statement.execute("DROP TABLE niro_a, niro_b CASCADE; DELETE FROM niro_app_schema_history");
    }
    Files.writeString(rows, "");
    assertThat(
            Cli.local("import", rows.toString(), database[0], url, database[2], "postgres").err())
        .contains("nothing was imported: the database has tables for users of another version");
  }
}
