package cx.niro.core.internal;

import com.squareup.moshi.JsonWriter;
import cx.niro.core.protocol.RawJson;
import cx.niro.core.snapshot.Capabilities;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import okio.BufferedSink;

/** Forms of single values. */
final class Scalars {
  static final Form<Long> LONG = whole(Long.MIN_VALUE, Long.MAX_VALUE);
  static final Form<Integer> INT = wholeInt(Integer.MIN_VALUE, Integer.MAX_VALUE);
  static final Form<Boolean> BOOLEAN = of(JsonInput::bool, JsonWriter::value);
  static final Form<Double> DOUBLE = of(JsonInput::number, JsonWriter::value);
  static final Form<Instant> MILLIS =
      of(
          in -> Instant.ofEpochMilli(in.whole(0, Long.MAX_VALUE)),
          (out, i) -> out.value(i.toEpochMilli()));
  static final Form<Instant> RFC3339 = of(Scalars::instant, (out, i) -> out.value(i.toString()));

  /** Epoch milliseconds inside, RFC 3339 outside. */
  static final Form<Long> MILLIS_AS_RFC3339 =
      of(
          in -> instant(in).toEpochMilli(),
          (out, ms) -> out.value(Instant.ofEpochMilli(ms).toString()));

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._-]*");

  private Scalars() {}

  interface Read<T> {
    T read(JsonInput in) throws IOException;
  }

  interface Write<T> {
    void write(JsonWriter out, T value) throws IOException;
  }

  static <T> Form<T> of(Read<T> read, Write<T> write) {
    return new Form<>() {
      @Override
      public T read(JsonInput in) throws IOException {
        return read.read(in);
      }

      @Override
      public void write(JsonWriter out, T value) throws IOException {
        write.write(out, value);
      }
    };
  }

  static Form<Long> whole(long min, long max) {
    return of(in -> in.whole(min, max), (out, value) -> out.value(value.longValue()));
  }

  static Form<Integer> wholeInt(long min, long max) {
    long top = Math.min(max, Integer.MAX_VALUE);
    return of(in -> (int) in.whole(min, top), (out, value) -> out.value(value.longValue()));
  }

  static Form<String> text(int max) {
    return of(in -> in.text(max), JsonWriter::value);
  }

  static Form<String> name(int max) {
    return of(in -> in.name(max), JsonWriter::value);
  }

  static Form<String> token(int min, int max) {
    return of(in -> token(in, min, max), JsonWriter::value);
  }

  private static String token(JsonInput in, int min, int max) throws IOException {
    String text = in.string();
    if (text.length() < min || text.length() > max) {
      throw in.badRead("must have " + min + " to " + max + " characters but has " + text.length());
    }
    if (!TOKEN.matcher(text).matches()) {
      throw in.badRead("must hold letters, digits, '.', '_' and '-' only");
    }
    return text;
  }

  private static Instant instant(JsonInput in) throws IOException {
    String text = in.name(64);
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw in.badRead("must be a time like 2026-01-05T08:00:00Z");
    }
  }

  /** A whole number, or null in the place of one of them. */
  static final class Withdrawable implements Form<Integer> {
    private final int ofNull;

    Withdrawable(int ofNull) {
      this.ofNull = ofNull;
    }

    @Override
    public Integer read(JsonInput in) throws IOException {
      return INT.read(in);
    }

    @Override
    public void write(JsonWriter out, Integer value) throws IOException {
      INT.write(out, value);
    }

    @Override
    public Integer ofNull() {
      return ofNull;
    }
  }

  /** Carried as it is written. */
  static final class Raw implements Form<RawJson> {
    @Override
    public RawJson read(JsonInput in) throws IOException {
      return new RawJson(in.raw());
    }

    @Override
    public void write(JsonWriter out, RawJson value) throws IOException {
      try (BufferedSink sink = out.valueSink()) {
        sink.writeUtf8(value.text());
      }
    }

    @Override
    public RawJson absent() {
      return RawJson.EMPTY;
    }
  }

  /** A list of names. */
  static final class Granted implements Form<Capabilities> {
    private final Form<Set<String>> names;

    Granted(Form<Set<String>> names) {
      this.names = names;
    }

    @Override
    public Capabilities read(JsonInput in) throws IOException {
      return new Capabilities(names.read(in));
    }

    @Override
    public void write(JsonWriter out, Capabilities value) throws IOException {
      names.write(out, new LinkedHashSet<>(value.names()));
    }

    @Override
    public Capabilities absent() {
      return Capabilities.NONE;
    }

    @Override
    public boolean isEmpty(Capabilities value) {
      return value.names().isEmpty();
    }
  }
}
