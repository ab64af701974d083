package cx.niro.app.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What processes of this machine used, as Linux tells in {@code /proc}. */
final class Processes {
  /** A tick of {@code /proc/PID/stat} is 10 ms wherever Java runs on Linux. */
  private static final long TICK_MILLIS = 10;

  private static final int PARENT = 1;
  private static final int USER = 11;
  private static final int ENDED_CHILDREN = 13;

  private Processes() {}

  /** Milliseconds of processor time since the process began, in all its threads. */
  static long cpuMillis(long pid) {
    return ticks(stat(pid), USER) * TICK_MILLIS;
  }

  /** The same of a process with those that it started, ended ones too: a PostgreSQL. */
  static long cpuMillisWithChildren(long pid) {
    long[] sum = {ticks(stat(pid), USER) + ticks(stat(pid), ENDED_CHILDREN)};
    try (Stream<ProcessHandle> children =
        ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children)) {
      children.forEach(child -> sum[0] += ticks(stat(child.pid()), USER));
    }
    return sum[0] * TICK_MILLIS;
  }

  /** The process that started this one. */
  static long parent(long pid) {
    List<String> fields = stat(pid);
    if (fields.isEmpty()) {
      throw new IllegalArgumentException("there is no process " + pid + " on this machine");
    }
    return Long.parseLong(fields.get(PARENT));
  }

  /** Resident memory in MiB. */
  static long residentMib(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum()
          / 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long ticks(List<String> fields, int first) {
    return fields.isEmpty()
        ? 0
        : Long.parseLong(fields.get(first)) + Long.parseLong(fields.get(first + 1));
  }

  /** The fields behind the name, which may hold anything; none when the process has ended. */
  private static List<String> stat(long pid) {
    try {
      String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return List.of(line.substring(line.lastIndexOf(')') + 2).strip().split(" "));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
