package cx.niro.app.server;

import com.zaxxer.hikari.HikariDataSource;
import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.access.Access;
import cx.niro.server.jdbc.StoredRows;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads what {@code niro export} wrote into PostgreSQL. */
@Command(
    name = "import",
    description =
        "Reads what niro export wrote into a PostgreSQL database with the tables of this version"
            + " and no rows; all of it or nothing.")
public final class ImportCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "The file that niro export made.")
  Path file = Path.of("niro.jsonl");

  @Mixin DatabaseFlags database = new DatabaseFlags();

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    Postgres postgres = database.required();
    try (BufferedReader lines = Files.newBufferedReader(file);
        HikariDataSource open = Database.connect(postgres)) {
      Access.requireSchema(open);
      long rows = StoredRows.read(lines, open).values().stream().mapToLong(Long::longValue).sum();
      spec.commandLine().getOut().println(rows + " rows are in " + postgres);
      spec.commandLine().getOut().flush();
      return ExitCode.OK;
    } catch (IOException | SQLException | RuntimeException e) {
      if (e instanceof CommandException known) {
        throw known;
      }
      throw new CommandException(ExitCode.FAILED, "nothing was imported: " + Database.why(e), e);
    }
  }
}
