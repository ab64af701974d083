package cx.niro.core.internal;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One document being read. Every method either reads what it names or throws {@link BadValue} with
 * the path of the offending value and leaves that value unread, so that a caller can skip it.
 */
public final class JsonInput {
  private static final int PATH_CHARS = 160;

  private final JsonTokens reader;
  private final boolean lenient;
  private final long maxValues;
  private @Nullable Drops drops;
  private int depth;
  private boolean quiet;
  private int values;

  /**
   * @param lenient whether over-long free text is clipped and an unknown member skipped; both are
   *     refused otherwise
   */
  public JsonInput(byte[] document, boolean lenient) {
    this(new JsonTokens(document), Limits.VALUES, lenient);
  }

  /**
   * @param maxBytes how many bytes the document may have; where they are several times those of a
   *     heartbeat it may have as many times the values
   */
  public JsonInput(InputStream document, long maxBytes, boolean lenient) {
    this(
        new JsonTokens(document, maxBytes),
        Limits.VALUES * Math.max(1, maxBytes / Limits.HEARTBEAT_BYTES),
        lenient);
  }

  private JsonInput(JsonTokens reader, long maxValues, boolean lenient) {
    this.reader = reader;
    this.maxValues = maxValues;
    this.lenient = lenient;
  }

  /** Checks that {@code text} is one well-formed value within the depth limit. */
  public static void checkOneValue(String text) throws IOException {
    JsonInput in = new JsonInput(text.getBytes(StandardCharsets.UTF_8), false);
    in.skipValue();
    in.end();
  }

  Drops drops() {
    Drops made = drops;
    if (made == null) {
      made = new Drops();
      drops = made;
    }
    return made;
  }

  boolean hasDrops() {
    return drops != null && !drops.isEmpty();
  }

  /** Whether nobody asks where and why: then a bad value costs nothing. */
  void quiet(boolean on) {
    quiet = on;
  }

  int depth() {
    return depth;
  }

  public void end() throws IOException {
    if (reader.peek() != JsonReader.Token.END_DOCUMENT) {
      throw bad("nothing may follow the document");
    }
  }

  void beginObject() throws IOException {
    require(JsonReader.Token.BEGIN_OBJECT, "an object");
    enter();
    reader.beginObject();
  }

  void beginArray() throws IOException {
    require(JsonReader.Token.BEGIN_ARRAY, "a list");
    enter();
    reader.beginArray();
  }

  private void enter() {
    if (depth >= Limits.DEPTH) {
      String message = "nested deeper than the limit of " + Limits.DEPTH;
      throw new OverLimit(ErrorCode.MALFORMED_BODY, path(), message);
    }
    depth++;
  }

  /** One more value to hold in memory. */
  void count() {
    if (++values > maxValues) {
      String message = "more than the limit of " + maxValues + " values in one document";
      throw new OverLimit(ErrorCode.BODY_TOO_LARGE, path(), message);
    }
  }

  void endObject() throws IOException {
    reader.endObject();
    depth--;
  }

  void endArray() throws IOException {
    reader.endArray();
    depth--;
  }

  boolean hasNext() throws IOException {
    return reader.hasNext();
  }

  JsonReader.Token peek() throws IOException {
    return reader.peek();
  }

  /**
   * The index of the next member among {@code names}, or -1 with the member skipped.
   *
   * @param last the index of the member before, after which this one is likely
   */
  int select(Names names, int last) throws IOException {
    int index = reader.selectName(names, last);
    if (index < 0) {
      var unused = reader.nextName();
      skipMember();
    }
    return index;
  }

  private void skipMember() throws IOException {
    if (!lenient) {
      throw bad("is not known here");
    }
    skipValue();
  }

  String memberName() throws IOException {
    count();
    return reader.nextName();
  }

  /** Whether the next value was {@code null}, which is then read. */
  boolean nextNull() throws IOException {
    if (reader.peek() != JsonReader.Token.NULL) {
      return false;
    }
    reader.nextNull();
    return true;
  }

  boolean bool() throws IOException {
    require(JsonReader.Token.BOOLEAN, "true or false");
    return reader.nextBoolean();
  }

  long whole(long min, long max) throws IOException {
    require(JsonReader.Token.NUMBER, "a whole number");
    count();
    long value;
    try {
      value = reader.nextLong();
    } catch (JsonDataException e) {
      throw bad("must be a whole number of at most 64 bits");
    }
    if (value < min || value > max) {
      throw badRead("must be " + between(min, max) + " but was " + value);
    }
    return value;
  }

  private static String between(long min, long max) {
    return max == Long.MAX_VALUE ? "at least " + min : "between " + min + " and " + max;
  }

  double number() throws IOException {
    require(JsonReader.Token.NUMBER, "a number");
    return anyDouble();
  }

  /** A Long where the number is one, else a Double. */
  Object anyNumber() throws IOException {
    count();
    try {
      return reader.nextLong();
    } catch (JsonDataException e) {
      return anyDouble();
    }
  }

  private double anyDouble() throws IOException {
    try {
      return reader.nextDouble();
    } catch (IOException | JsonDataException e) {
      throw bad("must be a finite number");
    }
  }

  /** Free text: what cannot be stored is replaced, what is over {@code max} clipped. */
  String text(int max) throws IOException {
    String text = string();
    if (lenient) {
      return Texts.clip(Texts.clean(text), max);
    }
    return identity(text, max);
  }

  /** Text that identifies something, which is never altered. */
  String name(int max) throws IOException {
    return identity(string(), max);
  }

  private String identity(String text, int max) {
    if (text.length() > max) {
      throw badRead("must have at most " + max + " characters but has " + text.length());
    }
    if (!Texts.isClean(text)) {
      throw badRead("must not hold NUL or half of a surrogate pair");
    }
    return text;
  }

  String string() throws IOException {
    require(JsonReader.Token.STRING, "a text");
    count();
    return reader.nextString();
  }

  /** The next value as it is written. */
  String raw() throws IOException {
    String path = path();
    String text = reader.raw();
    try {
      checkOneValue(text);
    } catch (IOException | JsonDataException e) {
      throw new BadValue(path, "must be one well-formed JSON value");
    } catch (BadValue e) {
      throw new BadValue(path + e.path().substring(1), e.getMessage());
    } catch (OverLimit e) {
      throw new OverLimit(e.code(), path + e.path().substring(1), e.getMessage());
    }
    return text;
  }

  void skipValue() throws IOException {
    int start = depth;
    do {
      skipToken();
    } while (depth > start);
  }

  /** Skips what is left of everything that was begun below {@code target}. */
  void unwind(int target) throws IOException {
    while (depth > target) {
      skipToken();
    }
  }

  private void skipToken() throws IOException {
    switch (reader.peek()) {
      case BEGIN_OBJECT -> beginObject();
      case BEGIN_ARRAY -> beginArray();
      case END_OBJECT -> endObject();
      case END_ARRAY -> endArray();
      case NAME -> reader.skipName();
      default -> reader.skipScalar();
    }
  }

  private void require(JsonReader.Token token, String expected) throws IOException {
    JsonReader.Token actual = reader.peek();
    if (actual != token) {
      throw bad("must be " + expected + " but was " + Texts.nameOf(actual));
    }
  }

  /** The next value is wrong. */
  BadValue bad(String message) {
    return quiet ? BadValue.unseen() : new BadValue(path(), message);
  }

  /** The value that was just read is wrong. */
  BadValue badRead(String message) {
    return quiet ? BadValue.unseen() : new BadValue(Texts.previousElement(path()), message);
  }

  /** Member {@code name} of the object being read is wrong or missing. */
  BadValue badMember(String name, String message) {
    return quiet
        ? BadValue.unseen()
        : new BadValue(
            Texts.cutPath(Texts.parent(reader.path()) + "." + name, PATH_CHARS), message);
  }

  /** The object being read is wrong as a whole. */
  BadValue badObject(String message) {
    return quiet
        ? BadValue.unseen()
        : new BadValue(Texts.cutPath(Texts.parent(reader.path()), PATH_CHARS), message);
  }

  public String path() {
    return Texts.cutPath(reader.path(), PATH_CHARS);
  }
}
