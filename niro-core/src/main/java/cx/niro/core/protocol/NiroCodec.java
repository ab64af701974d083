package cx.niro.core.protocol;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonWriter;
import cx.niro.core.ErrorCode;
import cx.niro.core.internal.BadValue;
import cx.niro.core.internal.Form;
import cx.niro.core.internal.FormTable;
import cx.niro.core.internal.JsonInput;
import cx.niro.core.internal.OverLimit;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import okio.Buffer;
import okio.BufferedSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * The one door between JSON and values: the messages of the agent protocol, and any record for the
 * REST API. Make one and share it; it keeps what it learns about types and may be used from any
 * thread.
 *
 * <p>Records are objects, ids are plain texts, enums their {@code wireName()}. Whatever the bytes
 * are, decoding ends with a value or with {@link DecodingException}.
 */
public final class NiroCodec {
  private final FormTable table;
  private final boolean rest;

  private NiroCodec(boolean rest) {
    this.table = new FormTable(rest);
    this.rest = rest;
  }

  /**
   * The door of the agent protocol: instants are epoch milliseconds, null components are left out,
   * unknown members are ignored, over-long texts are clipped, a bad object of a snapshot is left
   * out and its section marked {@code partial}.
   */
  public static NiroCodec create() {
    return new NiroCodec(false);
  }

  /**
   * The door of the REST API: {@link java.time.Instant} is an RFC 3339 text, empty lists and null
   * components are written; an unknown member and an over-long text are refused, and what is wrong
   * with a member is {@link ErrorCode#INVALID_FIELD}.
   */
  public static NiroCodec forRest() {
    return new NiroCodec(true);
  }

  /** The message as UTF-8. A null value of a map is written in either door. */
  public byte[] encode(Object message) {
    Buffer buffer = new Buffer();
    write(message, buffer);
    return buffer.readByteArray();
  }

  /**
   * Writes the message as UTF-8 and flushes; the stream stays open.
   *
   * @throws UncheckedIOException when the stream fails
   */
  public void encode(Object message, OutputStream out) {
    BufferedSink sink = Okio.buffer(Okio.sink(out));
    write(message, sink);
    try {
      sink.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(Object message, BufferedSink sink) {
    JsonWriter writer = JsonWriter.of(sink);
    writer.setSerializeNulls(true);
    Form<Object> form = table.ofValue(message);
    try {
      form.write(writer, message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The value in {@code document}. With {@code Map.class} or {@code Object.class} it is made of
   * maps, lists, texts, Boolean, Long and Double.
   *
   * @throws DecodingException when there is none
   */
  public <T> T decode(Class<T> type, byte[] document) {
    return decode(type, new JsonInput(document, !rest));
  }

  /**
   * The value in {@code body}, which is read to its end and not closed.
   *
   * @param body already decompressed
   * @param maxBytes how many bytes it may have; one more ends in {@link ErrorCode#BODY_TOO_LARGE}.
   *     It may have {@link Limits#VALUES} values, and as many more for each further {@link
   *     Limits#HEARTBEAT_BYTES}
   * @throws DecodingException when there is none
   * @throws UncheckedIOException when the stream itself fails, which says nothing about the
   *     document
   */
  public <T> T decode(Class<T> type, InputStream body, long maxBytes) {
    return decode(type, new JsonInput(body, maxBytes, !rest));
  }

  private <T> T decode(Class<T> type, JsonInput in) {
    Form<T> form = table.of(type);
    try {
      T value = form.read(in);
      in.end();
      return value;
    } catch (DecodingException | UncheckedIOException e) {
      throw e;
    } catch (BadValue e) {
      throw bad(e);
    } catch (OverLimit e) {
      throw new DecodingException(e.code(), e.path(), e.getMessage(), null);
    } catch (IOException | JsonDataException e) {
      throw malformed(in.path(), "not well-formed JSON", e);
    } catch (RuntimeException | StackOverflowError e) {
      throw malformed(in.path(), "cannot be read", e);
    }
  }

  /**
   * A JSON value to be carried as it is written.
   *
   * @throws DecodingException when {@code text} is not one well-formed value, or nested deeper than
   *     {@link Limits#DEPTH}
   */
  public RawJson rawJson(String text) {
    try {
      JsonInput.checkOneValue(text);
    } catch (BadValue e) {
      throw malformed(e.path(), e.getMessage(), null);
    } catch (OverLimit e) {
      throw new DecodingException(e.code(), e.path(), e.getMessage(), null);
    } catch (IOException | JsonDataException e) {
      throw malformed("$", "not one well-formed JSON value", e);
    }
    return new RawJson(text);
  }

  private DecodingException bad(BadValue e) {
    boolean member = rest && e.path().startsWith("$.");
    return new DecodingException(
        member ? ErrorCode.INVALID_FIELD : ErrorCode.MALFORMED_BODY,
        e.path(),
        e.getMessage(),
        null);
  }

  private static DecodingException malformed(
      String path, String message, @Nullable Throwable cause) {
    return new DecodingException(ErrorCode.MALFORMED_BODY, path, message, cause);
  }
}
