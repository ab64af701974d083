package cx.niro.core.protocol;

import cx.niro.core.managed.ApplyReport;
import cx.niro.core.managed.ApplyRequest;
import cx.niro.core.managed.DeleteRequest;
import cx.niro.core.managed.DiffReport;
import cx.niro.core.managed.DiffRequest;
import cx.niro.core.managed.SelfUpdateReport;
import cx.niro.core.managed.SelfUpdateRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The golden documents and the message that each of them is. */
record Golden(String name, Class<?> type, String text) {
  private static final Map<String, Class<?>> TYPES =
      Map.ofEntries(
          Map.entry("apply-report", ApplyReport.class),
          Map.entry("apply-request", ApplyRequest.class),
          Map.entry("command-result", CommandResult.class),
          Map.entry("delete-request", DeleteRequest.class),
          Map.entry("diff-report", DiffReport.class),
          Map.entry("diff-request", DiffRequest.class),
          Map.entry("enroll-reply", EnrollReply.class),
          Map.entry("enroll-request", EnrollRequest.class),
          Map.entry("goodbye", Goodbye.class),
          Map.entry("heartbeat-delta", Heartbeat.class),
          Map.entry("heartbeat-full", Heartbeat.class),
          Map.entry("heartbeat-reply", HeartbeatReply.class),
          Map.entry("heartbeat-reply-first", HeartbeatReply.class),
          Map.entry("heartbeat-reply-resync", HeartbeatReply.class),
          Map.entry("heartbeat-unchanged", Heartbeat.class),
          Map.entry("key-reply", KeyReply.class),
          Map.entry("key-request", KeyRequest.class),
          Map.entry("log-piece", LogPiece.class),
          Map.entry("log-piece-end", LogPiece.class),
          Map.entry("log-request", LogRequest.class),
          Map.entry("poll-reply", PollReply.class),
          Map.entry("poll-reply-empty", PollReply.class),
          Map.entry("poll-request", PollRequest.class),
          Map.entry("problem", Problem.class),
          Map.entry("problem-malformed-body", Problem.class),
          Map.entry("result-reply", ResultReply.class),
          Map.entry("self-update-report", SelfUpdateReport.class),
          Map.entry("self-update-request", SelfUpdateRequest.class),
          Map.entry("stream-reply", StreamReply.class));

  static List<Golden> all() {
    try (Stream<Path> files = Files.list(folder())) {
      return files.map(Golden::read).sorted((a, b) -> a.name.compareTo(b.name)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Golden of(String name) {
    return all().stream().filter(golden -> golden.name.equals(name)).findAny().orElseThrow();
  }

  private static Path folder() {
    URL folder = Objects.requireNonNull(Golden.class.getResource("/golden"));
    try {
      return Path.of(folder.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Golden read(Path file) {
    String name = file.getFileName().toString().replace(".json", "");
    Class<?> type =
        Objects.requireNonNull(TYPES.get(name), () -> name + ".json is not in Golden.TYPES");
    try {
      return new Golden(name, type, Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return name;
  }
}
