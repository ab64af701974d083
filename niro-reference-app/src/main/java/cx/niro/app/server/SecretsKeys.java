package cx.niro.app.server;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.SystemTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that secrets are sealed with in the database: one of 32 bytes in base64 on each line,
 * the newest first.
 */
final class SecretsKeys {
  private static final Logger log = LoggerFactory.getLogger(SecretsKeys.class);
  private static final int BYTES = 32;

  private SecretsKeys() {}

  /**
   * Reads them from {@code file}, or from {@code secrets.key} in the data folder, which is made
   * when it is not there; without both one is drawn that ends with the process.
   */
  static List<byte[]> of(@Nullable Path file, @Nullable Path dataDir) {
    if (file != null) {
      return read(file);
    }
    if (dataDir == null) {
      return List.of(draw());
    }
    Path own = dataDir.resolve("secrets.key");
    if (!Files.exists(own)) {
      make(own);
    }
    return read(own);
  }

  private static byte[] draw() {
    byte[] key = new byte[BYTES];
    SystemTime.RANDOM.nextBytes(key);
    return key;
  }

  private static void make(Path file) {
    byte[] line =
        (Base64.getEncoder().encodeToString(draw()) + "\n").getBytes(StandardCharsets.US_ASCII);
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(fresh);
      try (var channel =
          Files.newByteChannel(
              fresh, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
        channel.write(ByteBuffer.wrap(line));
      }
      Files.move(fresh, file);
      log.info("Made {}; keep a copy of it apart from those of the database", file);
    } catch (IOException | UnsupportedOperationException e) {
      throw unusable(file, "cannot be made: " + e, e);
    }
  }

  private static List<byte[]> read(Path file) {
    List<byte[]> keys = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
        if (!line.isBlank()) {
          keys.add(Base64.getDecoder().decode(line.strip()));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw unusable(file, "cannot be read: it must have a key in base64 on each line", e);
    }
    if (keys.isEmpty() || keys.stream().anyMatch(key -> key.length != BYTES)) {
      throw unusable(file, "must have a key of " + BYTES + " bytes in base64 on each line", null);
    }
    return List.copyOf(keys);
  }

  private static CommandException unusable(Path file, String why, @Nullable Throwable cause) {
    return new CommandException(ExitCode.FAILED, "the secrets key file " + file + " " + why, cause);
  }
}
