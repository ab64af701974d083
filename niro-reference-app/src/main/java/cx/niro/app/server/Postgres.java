package cx.niro.app.server;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL database and who asks it.
 *
 * @param url like {@code jdbc:postgresql://host:5432/niro}
 * @param user null for the one that the URL names, or the driver's
 * @param passwordFile whose first line is the password; null for none, or the URL's
 * @param advertiseUrl where the other servers over it reach this one; null when that is not known
 * @param listen whether servers tell each other by {@code NOTIFY} that something was written
 */
public record Postgres(
    String url,
    @Nullable String user,
    @Nullable Path passwordFile,
    @Nullable URI advertiseUrl,
    boolean listen) {
  private static final String SCHEME = "jdbc:postgresql:";

  public Postgres {
    if (!url.startsWith(SCHEME)) {
      throw new IllegalArgumentException(
          "--database-url (NIRO_DATABASE_URL) must be like jdbc:postgresql://host:5432/niro but was '"
              + shown(url)
              + "'");
    }
  }

  /** One whose servers tell each other, without an address for them. */
  public Postgres(String url, @Nullable String user, @Nullable Path passwordFile) {
    this(url, user, passwordFile, null, true);
  }

  Postgres advertising(@Nullable URI self) {
    return new Postgres(url, user, passwordFile, self, listen);
  }

  Postgres listening(boolean wanted) {
    return new Postgres(url, user, passwordFile, advertiseUrl, wanted);
  }

  public @Nullable String password() {
    if (passwordFile == null) {
      return null;
    }
    try {
      return Files.readString(passwordFile).lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.USAGE,
          "--database-password-file (NIRO_DATABASE_PASSWORD_FILE): "
              + passwordFile
              + " cannot be read: "
              + e,
          e);
    }
  }

  /** Without what may be a password. */
  @Override
  public String toString() {
    return shown(url) + (advertiseUrl == null ? "" : " advertise-url=" + advertiseUrl);
  }

  private static String shown(String url) {
    return url.replaceFirst("\\?.*", "").replaceFirst("//[^/]*@", "//");
  }
}
