package cx.niro.agent.kubernetes;

import cx.niro.agent.AgentListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is there once the server has accepted a beat: the readiness of a pod that opens no
 * port. One that an earlier run left behind is removed first.
 */
final class ReadyFile implements AgentListener {
  private static final Logger log = LoggerFactory.getLogger(ReadyFile.class);

  private final Path file;
  private boolean written;

  ReadyFile(Path file) throws IOException {
    this.file = file;
    Files.deleteIfExists(file);
  }

  @Override
  public void beatAccepted(BeatReport report) {
    if (written) {
      return;
    }
    written = true;
    try {
      Files.writeString(file, "ready\n");
    } catch (IOException e) {
      log.warn("cannot write {}, so this pod never gets ready: {}", file, e.toString());
    }
  }
}
