package cx.niro.app.server;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which PostgreSQL is meant, for every command that asks one. */
public final class DatabaseFlags {
  @Option(
      names = "--database-url",
      defaultValue = "${env:NIRO_DATABASE_URL}",
      description =
          "PostgreSQL instead of the data folder, like jdbc:postgresql://host:5432/niro;"
              + " NIRO_DATABASE_URL. Secrets' key and recordings stay in the folder.")
  @Nullable String url;

  @Option(
      names = "--database-user",
      defaultValue = "${env:NIRO_DATABASE_USER}",
      description = "Its user; NIRO_DATABASE_USER.")
  @Nullable String user;

  @Option(
      names = "--database-password-file",
      defaultValue = "${env:NIRO_DATABASE_PASSWORD_FILE}",
      description = "File whose first line is the password; NIRO_DATABASE_PASSWORD_FILE.")
  @Nullable Path passwordFile;

  /** Null when none was named. */
  public @Nullable Postgres postgres() {
    if (url == null || url.isBlank()) {
      return null;
    }
    Path file = passwordFile == null || passwordFile.toString().isBlank() ? null : passwordFile;
    try {
      return new Postgres(url.strip(), user == null || user.isBlank() ? null : user, file);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  Postgres required() {
    Postgres postgres = postgres();
    if (postgres == null) {
      throw new CommandException(
          ExitCode.USAGE, "which database? Set --database-url (NIRO_DATABASE_URL)");
    }
    return postgres;
  }
}
