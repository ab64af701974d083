package cx.niro.app.server;

import com.zaxxer.hikari.HikariDataSource;
import cx.niro.app.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes or updates the tables of a PostgreSQL database. */
@Command(
    name = "migrate",
    description =
        "Makes the tables in PostgreSQL, or brings them to this version; a server does neither by"
            + " itself there.")
public final class MigrateCommand implements Callable<Integer> {
  @Mixin DatabaseFlags database = new DatabaseFlags();

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    Postgres postgres = database.required();
    try (HikariDataSource open = Database.connect(postgres)) {
      Database.migrate(open, postgres);
    }
    spec.commandLine().getOut().println("The tables in " + postgres + " are those of this version");
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }
}
