package cx.niro.app.server;

import com.zaxxer.hikari.HikariDataSource;
import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.access.Access;
import cx.niro.server.jdbc.JdbcStores.Commits;
import cx.niro.server.jdbc.StoredRows;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes everything that a server keeps in its database into a file. */
@Command(
    name = "export",
    description =
        "Writes all rows of the database in the data folder, or of PostgreSQL, into a new file that"
            + " niro import reads. Stop the server first.")
public final class ExportCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "The file to make.")
  Path file = Path.of("niro.jsonl");

  @Option(
      names = "--data-dir",
      defaultValue = "${env:NIRO_DATA_DIR:-./niro-data}",
      description = "The data folder; NIRO_DATA_DIR, default ./niro-data.")
  Path dataDir = Path.of("niro-data");

  @Mixin DatabaseFlags database = new DatabaseFlags();

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    try (HikariDataSource open = open()) {
      Access.requireSchema(open);
      long rows = written(open);
      spec.commandLine().getOut().println(rows + " rows are in " + file);
      spec.commandLine().getOut().flush();
      return ExitCode.OK;
    } catch (FileAlreadyExistsException e) {
      throw new CommandException(ExitCode.CONFLICT, file + " is there already", e);
    } catch (IOException | SQLException | RuntimeException e) {
      if (e instanceof CommandException known) {
        throw known;
      }
      throw new CommandException(ExitCode.FAILED, "not exported: " + Database.why(e), e);
    }
  }

  /** All rows are on disk afterwards, or there is no file. */
  private long written(HikariDataSource open) throws IOException, SQLException {
    boolean whole = false;
    FileChannel channel = newFile();
    try (channel;
        BufferedWriter lines = lines(channel)) {
      long rows = StoredRows.write(open, lines).values().stream().mapToLong(Long::longValue).sum();
      channel.force(true);
      whole = true;
      return rows;
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
    }
  }

  private HikariDataSource open() {
    Postgres postgres = database.postgres();
    if (postgres != null) {
      return Database.connect(postgres);
    }
    if (!Files.exists(dataDir.resolve("niro.mv.db"))) {
      throw new CommandException(
          ExitCode.NOT_FOUND, "--data-dir (NIRO_DATA_DIR): no database in " + dataDir);
    }
    return Database.openFile(dataDir, Commits.SYNCHRONOUS);
  }

  private FileChannel newFile() throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static BufferedWriter lines(FileChannel channel) {
    return new BufferedWriter(
        new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8));
  }
}
