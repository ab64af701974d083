package cx.niro.server.jdbc;

import java.util.Arrays;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.exception.FlywayValidateException;

/** The versioned tables of one database; apart, for Flyway is optional. */
final class Schema {
  private static final String OF_ANOTHER_VERSION =
      "the database was made by another version of Niro, whose tables this one does not know;"
          + " use that version, or a new database";

  private final Flyway flyway;

  Schema(DataSource dataSource) {
    this.flyway =
        Flyway.configure(JdbcStores.class.getClassLoader())
            .dataSource(dataSource)
            .locations(Dialect.of(dataSource).migrations())
            .table("niro_schema_history")
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .ignoreMigrationPatterns("*:pending")
            .load();
  }

  void migrate() {
    try {
      flyway.migrate();
    } catch (FlywayValidateException e) {
      throw new IllegalStateException(OF_ANOTHER_VERSION, e);
    }
  }

  void require() {
    MigrationInfoService found = flyway.info();
    if (Arrays.stream(found.applied())
        .anyMatch(step -> step.getState() == MigrationState.FUTURE_SUCCESS)) {
      throw new IllegalStateException(
          "the database has the tables of a newer version of Niro; use that version");
    }
    if (found.applied().length == 0) {
      throw new IllegalStateException("the database has no tables of Niro yet; migrate it first");
    }
    if (!flyway.validateWithResult().validationSuccessful) {
      throw new IllegalStateException(OF_ANOTHER_VERSION);
    }
    if (found.pending().length > 0) {
      throw new IllegalStateException(
          "the database has the tables of an older version of Niro; migrate it first");
    }
  }
}
