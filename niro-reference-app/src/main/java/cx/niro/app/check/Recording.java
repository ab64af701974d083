package cx.niro.app.check;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Json;
import cx.niro.app.Printed;
import cx.niro.core.NiroException;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.NiroCodec;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Heartbeats of one cluster in a file, one {@code {"receivedAt": …, "heartbeat": {…}}} a line. */
final class Recording {
  /** One line. */
  record Beat(Instant receivedAt, Heartbeat heartbeat) {}

  private static final Duration LONGEST_GAP = Duration.ofDays(31);

  private final Path file;
  private final NiroCodec codec = NiroCodec.create();

  Recording(Path file) {
    this.file = file;
  }

  /**
   * Hands over every beat in the order of the file; holds one line at a time.
   *
   * @throws CommandException naming the line, and what is wrong with it
   */
  void each(Consumer<Beat> taker) {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 1;
      @Nullable Instant last = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line.isBlank() ? last : take(beat(line, number), last, number, taker);
        number++;
      }
    } catch (IOException | UncheckedIOException e) {
      throw new CommandException(ExitCode.USAGE, file + " cannot be read: " + e, e);
    }
  }

  private Instant take(Beat beat, @Nullable Instant last, int number, Consumer<Beat> taker) {
    if (last != null) {
      checkOrder(last, beat.receivedAt(), number);
    }
    taker.accept(beat);
    return beat.receivedAt();
  }

  /** Every second of a gap is lived through, so it must end some day. */
  private void checkOrder(Instant last, Instant next, int number) {
    if (next.isBefore(last)) {
      throw bad(number, "receivedAt is earlier than that of the line before", null);
    }
    if (next.isAfter(last.plus(LONGEST_GAP))) {
      throw bad(
          number,
          "receivedAt is more than " + LONGEST_GAP.toDays() + " days after the line before",
          null);
    }
  }

  private Beat beat(String line, int number) {
    try {
      if (!(Json.parse(line) instanceof Map<?, ?> members)
          || !(members.get("heartbeat") instanceof Map<?, ?> heartbeat)) {
        throw bad(number, "heartbeat is missing", null);
      }
      byte[] text = Printed.compact(heartbeat).getBytes(StandardCharsets.UTF_8);
      Heartbeat decoded =
          codec.decode(Heartbeat.class, new ByteArrayInputStream(text), Limits.HEARTBEAT_BYTES);
      return new Beat(instant(members.get("receivedAt"), number), decoded);
    } catch (IllegalArgumentException | NiroException e) {
      throw bad(number, String.valueOf(e.getMessage()), e);
    }
  }

  private Instant instant(@Nullable Object value, int number) {
    if (value instanceof Number millis) {
      return Instant.ofEpochMilli(millis.longValue());
    }
    try {
      return Instant.parse(String.valueOf(value));
    } catch (DateTimeParseException e) {
      throw bad(
          number, "receivedAt must be a time or milliseconds since 1970, but was " + value, e);
    }
  }

  private CommandException bad(int line, String why, @Nullable Throwable cause) {
    return new CommandException(ExitCode.USAGE, file + ", line " + line + ": " + why, cause);
  }
}
