package cx.niro.app.server;

import cx.niro.core.ClusterId;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.server.spi.HeartbeatRecorder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends the heartbeats of chosen clusters to {@code <folder>/<cluster id>.jsonl}, a line each, as
 * {@code niro replay} reads them. A file ends at {@link #MAX_BYTES}.
 */
final class Recordings implements HeartbeatRecorder {
  static final long MAX_BYTES = 256L * 1024 * 1024;
  private static final Logger log = LoggerFactory.getLogger(Recordings.class);

  private final Path folder;
  private final Set<ClusterId> clusters;
  private final NiroCodec codec = NiroCodec.create();
  private final Set<Path> full = new HashSet<>();
  private final Set<Path> known = new HashSet<>();

  Recordings(Path folder, Set<ClusterId> clusters) {
    this.folder = folder;
    this.clusters = Set.copyOf(clusters);
  }

  @Override
  public void record(ClusterId cluster, Instant receivedAt, Heartbeat beat) {
    if (!clusters.contains(cluster)) {
      return;
    }
    String line =
        "{\"receivedAt\":\""
            + receivedAt
            + "\",\"heartbeat\":"
            + new String(codec.encode(beat), StandardCharsets.UTF_8)
            + "}\n";
    try {
      append(folder.resolve(cluster.value() + ".jsonl"), line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void append(Path file, byte[] line) throws IOException {
    if (!Files.exists(file)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    if (known.add(file)) {
      endLine(file);
    }
    if (Files.size(file) + line.length > MAX_BYTES) {
      if (full.add(file)) {
        log.warn("{} is full; the heartbeats that follow are not recorded", file);
      }
      return;
    }
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      out.write(line);
    }
  }

  /** Takes away what a server that was killed wrote of its last line. */
  private static void endLine(Path file) throws IOException {
    try (FileChannel bytes =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long end = bytes.size();
      ByteBuffer one = ByteBuffer.allocate(1);
      while (end > 0 && bytes.read(one.clear(), end - 1) == 1 && one.get(0) != '\n') {
        end--;
      }
      bytes.truncate(end);
    }
  }
}
