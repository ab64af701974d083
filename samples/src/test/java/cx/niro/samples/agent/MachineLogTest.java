package cx.niro.samples.agent;

import static org.assertj.core.api.Assertions.assertThat;

import cx.niro.agent.spi.LogOutput;
import cx.niro.agent.spi.LogSource;
import cx.niro.core.protocol.LogRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log source that the page about agents shows, over files in a folder. */
class MachineLogTest {
  @TempDir Path folder;

  private static final class FileLogs implements LogSource {
    private final Path folder;
    private int read;

    FileLogs(Path folder) {
      this.folder = folder;
    }

    @Override
    public void read(LogRequest request, LogOutput out) throws IOException {
      for (String line : lastLines(request.pod(), request.tailLines())) {
        out.line(line);
      }
      while (request.follow() && !out.awaitStop(Duration.ofMillis(200))) {
        newLines(request.pod()).forEach(out::line);
      }
    }

    private List<String> lastLines(String name, Integer most) throws IOException {
      List<String> all = newLines(name);
      return most == null ? all : all.subList(Math.max(0, all.size() - most), all.size());
    }

    private List<String> newLines(String name) throws IOException {
      List<String> all = Files.readAllLines(folder.resolve(name));
      List<String> fresh = all.subList(Math.min(read, all.size()), all.size());
      read = all.size();
      return fresh;
    }
  }

  /** Stops the reader after its first wait, in which one more line is written. */
  private final class Shown implements LogOutput {
    private final List<String> lines = new ArrayList<>();
    private int waits;

    @Override
    public boolean line(String text) {
      return lines.add(text);
    }

    @Override
    public boolean isStopped() {
      return waits > 1;
    }

    @Override
    public boolean awaitStop(Duration atMost) {
      write("one\ntwo\nthree\nfour\n");
      waits++;
      return isStopped();
    }

    @Override
    public void onStop(Runnable action) {}
  }

  @Test
  void the_last_lines_come_first_and_then_what_is_written_meanwhile() throws Exception {
    write("one\ntwo\nthree\n");
    LogRequest request = new LogRequest("hall-7", "press-4", null, true, 2, false, null);
    Shown shown = new Shown();
    new FileLogs(folder).read(request, shown);
    assertThat(shown.lines).containsExactly("two", "three", "four");
  }

  private void write(String text) {
    try {
      Files.writeString(folder.resolve("press-4"), text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
