package cx.niro.app.check;

import cx.niro.app.CommandException;
import cx.niro.app.ExitCode;
import cx.niro.app.Json;
import cx.niro.app.Printed;
import cx.niro.core.NiroException;
import cx.niro.core.protocol.Heartbeat;
import cx.niro.core.protocol.Limits;
import cx.niro.core.protocol.NiroCodec;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
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
  private static final long LONGEST_LINE = 2 * Limits.HEARTBEAT_BYTES;

  private final Path file;
  private final NiroCodec codec = NiroCodec.create();

  Recording(Path file) {
    this.file = file;
  }

  /**
   * Hands over every beat in the order of the file; holds one line at a time. A last line without
   * an end, as a killed server leaves it, is left out when it cannot be read.
   *
   * @param warned told which line was left out, and why
   * @throws CommandException naming the line, and what is wrong with it
   */
  void each(Consumer<Beat> taker, Consumer<String> warned) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      int number = 1;
      @Nullable Instant last = null;
      for (Line line = Line.read(in); line.isThere(); line = Line.read(in)) {
        Beat beat = line.isBlank() ? null : beat(line, number, warned);
        last = beat == null ? last : take(beat, last, number, taker);
        number++;
      }
    } catch (IOException | UncheckedIOException e) {
      throw new CommandException(ExitCode.USAGE, file + " cannot be read: " + e, e);
    }
  }

  /** The bytes up to a line feed, or to the end of the file. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Line(byte[] bytes, boolean whole) {
    static Line read(InputStream in) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      int next = in.read();
      while (next >= 0 && next != '\n' && bytes.size() <= LONGEST_LINE) {
        bytes.write(next);
        next = in.read();
      }
      return new Line(bytes.toByteArray(), next == '\n');
    }

    boolean isThere() {
      return whole || bytes.length > 0;
    }

    boolean isBlank() {
      return new String(bytes, StandardCharsets.ISO_8859_1).isBlank();
    }

    String text() throws CharacterCodingException {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  private @Nullable Beat beat(Line line, int number, Consumer<String> warned) {
    try {
      return beat(line.text(), number);
    } catch (CharacterCodingException e) {
      return unread(line, bad(number, "is not UTF-8", e), warned);
    } catch (CommandException e) {
      return unread(line, e, warned);
    }
  }

  private @Nullable Beat unread(Line line, CommandException refusal, Consumer<String> warned) {
    if (line.whole() || line.bytes().length > LONGEST_LINE) {
      throw refusal;
    }
    warned.accept(refusal.getMessage() + "; the line has no end and is left out");
    return null;
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
