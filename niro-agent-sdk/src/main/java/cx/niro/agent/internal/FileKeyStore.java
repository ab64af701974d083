package cx.niro.agent.internal;

import cx.niro.agent.spi.KeyStore;
import cx.niro.agent.spi.StoredKeys;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * One small file of {@code name=value} lines. It is written whole beside the old one, forced to the
 * disk and then moved over it, so that a crash leaves the old or the new one.
 */
public final class FileKeyStore implements KeyStore {
  private static final long MAX_BYTES = 16 * 1024;
  private static final String LAST_LINE = "end=1";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;

  public FileKeyStore(Path file) {
    this.file = file.toAbsolutePath();
  }

  @Override
  public Optional<StoredKeys> load() throws IOException {
    try {
      refuseWhatOthersRead();
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException(file + " is no key store: it has more than " + MAX_BYTES + " bytes");
      }
      return Optional.of(parse(Files.readString(file)));
    } catch (NoSuchFileException nothingSaved) {
      return Optional.empty();
    }
  }

  private StoredKeys parse(String text) throws IOException {
    if (!text.stripTrailing().endsWith(LAST_LINE)) {
      throw new IOException(file + " is incomplete; enroll again with a new token, or restore it");
    }
    Properties lines = new Properties();
    Map<String, String> parts = new HashMap<>();
    try {
      lines.load(new StringReader(text));
      lines.forEach((name, value) -> parts.put((String) name, (String) value));
      return StoredKeys.of(parts);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void save(StoredKeys keys) throws IOException {
    Path folder = Optional.ofNullable(file.getParent()).orElseThrow();
    Files.createDirectories(folder);
    Path fresh = Files.createTempFile(folder, file.getFileName().toString(), ".new", ownerOnly());
    try {
      write(fresh, text(keys));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
    forceFolder(folder);
  }

  private static String text(StoredKeys keys) {
    StringBuilder text = new StringBuilder("# The identity of a Niro agent. Secret.\n");
    new LinkedHashMap<>(keys.toMap())
        .forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    return text.append(LAST_LINE).append('\n').toString();
  }

  private static void write(Path fresh, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  // The new name is in the folder: without this a power cut could bring the old one back.
  private static void forceFolder(Path folder) throws IOException {
    if (isPosix(folder)) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private void refuseWhatOthersRead() throws IOException {
    if (isPosix(file)) {
      Set<PosixFilePermission> more = EnumSet.copyOf(Files.getPosixFilePermissions(file));
      more.removeAll(OWNER_ONLY);
      if (!more.isEmpty()) {
        throw new IOException(file + " is open to others; run: chmod 600 " + file);
      }
    }
  }

  private FileAttribute<?>[] ownerOnly() {
    return isPosix(file)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
