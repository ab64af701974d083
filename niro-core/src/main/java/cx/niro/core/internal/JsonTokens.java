package cx.niro.core.internal;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader.Token;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a JSON document, straight from its bytes. It reads what moshi's strict reader reads
 * and says where it is in the same way ({@code JsonTokensTest} compares the two), and refuses
 * endless white space, numbers and texts.
 */
final class JsonTokens extends JsonLexemes {
  private static final byte DOCUMENT = 0;
  private static final byte DONE = 1;
  private static final byte FIRST_ELEMENT = 2;
  private static final byte ARRAY = 3;
  private static final byte FIRST_MEMBER = 4;
  private static final byte OBJECT = 5;
  private static final byte VALUE = 6;

  private byte[] scopes = new byte[16];
  private @Nullable String[] names = new @Nullable String[16];
  private int[] indices = new int[16];
  private int depth;
  private @Nullable Token peeked;

  JsonTokens(byte[] document) {
    super(document);
  }

  JsonTokens(InputStream body, long limit) {
    super(body, limit);
  }

  /** What comes next; {@link #at} is where it begins. */
  Token peek() throws IOException {
    Token known = peeked;
    if (known == null) {
      known = look();
      peeked = known;
    }
    return known;
  }

  private Token look() throws IOException {
    switch (scopes[depth]) {
      case DOCUMENT -> {
        scopes[depth] = DONE;
        return value(need());
      }
      case DONE -> {
        if (space() >= 0) {
          throw malformed("nothing may follow the document");
        }
        return Token.END_DOCUMENT;
      }
      case FIRST_ELEMENT, ARRAY -> {
        return element();
      }
      case VALUE -> {
        if (need() != ':') {
          throw malformed("expected ':'");
        }
        at++;
        scopes[depth] = OBJECT;
        return value(need());
      }
      default -> {
        return member();
      }
    }
  }

  private Token element() throws IOException {
    int c = need();
    boolean first = scopes[depth] == FIRST_ELEMENT;
    scopes[depth] = ARRAY;
    if (c == ']') {
      return Token.END_ARRAY;
    }
    if (first) {
      return value(c);
    }
    if (c != ',') {
      throw malformed("the list is not ended");
    }
    at++;
    return value(need());
  }

  private Token member() throws IOException {
    int c = need();
    boolean first = scopes[depth] == FIRST_MEMBER;
    if (c == '}') {
      return Token.END_OBJECT;
    }
    if (!first) {
      if (c != ',') {
        throw malformed("the object is not ended");
      }
      at++;
      c = need();
    }
    if (c != '"') {
      throw malformed("expected a name");
    }
    scopes[depth] = VALUE;
    return Token.NAME;
  }

  private Token value(int c) throws IOException {
    return switch (c) {
      case '{' -> Token.BEGIN_OBJECT;
      case '[' -> Token.BEGIN_ARRAY;
      case '"' -> Token.STRING;
      case 't', 'T' -> word("true", Token.BOOLEAN);
      case 'f', 'F' -> word("false", Token.BOOLEAN);
      case 'n', 'N' -> word("null", Token.NULL);
      default -> {
        numberLength();
        yield Token.NUMBER;
      }
    };
  }

  private Token word(String word, Token token) throws IOException {
    needWord(word);
    return token;
  }

  boolean hasNext() throws IOException {
    Token next = peek();
    return next != Token.END_ARRAY && next != Token.END_OBJECT && next != Token.END_DOCUMENT;
  }

  void beginObject() throws IOException {
    begin(Token.BEGIN_OBJECT, FIRST_MEMBER);
  }

  void beginArray() throws IOException {
    begin(Token.BEGIN_ARRAY, FIRST_ELEMENT);
  }

  private void begin(Token token, byte scope) throws IOException {
    expect(token);
    at++;
    if (++depth == scopes.length) {
      scopes = Arrays.copyOf(scopes, depth * 2);
      names = Arrays.copyOf(names, depth * 2);
      indices = Arrays.copyOf(indices, depth * 2);
    }
    scopes[depth] = scope;
    names[depth] = null;
    indices[depth] = 0;
  }

  void endObject() throws IOException {
    expect(Token.END_OBJECT);
    end(1);
  }

  void endArray() throws IOException {
    expect(Token.END_ARRAY);
    end(1);
  }

  private void end(int length) {
    depth--;
    over(length);
  }

  /** The value that was peeked, of so many bytes, is read. */
  private void over(int length) {
    at += length;
    indices[depth]++;
    peeked = null;
  }

  private void expect(Token token) throws IOException {
    if (peek() != token) {
      throw new JsonDataException("expected " + token + " but was " + peek());
    }
    peeked = null;
  }

  /** The index of the next member among the known; -1, and nothing read, when it is another. */
  int selectName(Names known, int last) throws IOException {
    if (peek() != Token.NAME) {
      return -1;
    }
    int length = textLength();
    int index =
        length < 0
            ? known.find(escaped(-length))
            : known.find(bytes, at + 1, at + length - 1, last);
    if (index >= 0) {
      named(known.name(index), Math.abs(length));
    }
    return index;
  }

  private void named(@Nullable String name, int length) {
    names[depth] = name;
    at += length;
    peeked = null;
  }

  String nextName() throws IOException {
    requireNext(Token.NAME);
    int length = textLength();
    String name = text(length);
    named(name, Math.abs(length));
    return name;
  }

  void skipName() throws IOException {
    requireNext(Token.NAME);
    named("null", passableText());
  }

  private void requireNext(Token token) throws IOException {
    if (peek() != token) {
      throw new JsonDataException("expected " + token + " but was " + peek());
    }
  }

  String nextString() throws IOException {
    requireNext(Token.STRING);
    int length = textLength();
    String text = text(length);
    over(Math.abs(length));
    return text;
  }

  boolean nextBoolean() throws IOException {
    requireNext(Token.BOOLEAN);
    boolean value = (bytes[at] | 0x20) == 't';
    over(value ? 4 : 5);
    return value;
  }

  void nextNull() throws IOException {
    requireNext(Token.NULL);
    over(4);
  }

  /** Throws {@link JsonDataException}, and reads nothing, when it is no whole number of 64 bits. */
  long nextLong() throws IOException {
    requireNext(Token.NUMBER);
    int length = numberLength();
    long value = shortLong(length);
    if (value == Long.MIN_VALUE) {
      try {
        value = new BigDecimal(number(length)).longValueExact();
      } catch (ArithmeticException | NumberFormatException e) {
        throw new JsonDataException("no whole number of 64 bits", e);
      }
    }
    over(length);
    return value;
  }

  /** Throws {@link JsonDataException}, and reads nothing, when it is not finite. */
  double nextDouble() throws IOException {
    requireNext(Token.NUMBER);
    int length = numberLength();
    double value = Double.parseDouble(number(length));
    if (Double.isInfinite(value)) {
      throw new JsonDataException("not finite");
    }
    over(length);
    return value;
  }

  /** Skips a value that is no list and no object. */
  void skipScalar() throws IOException {
    passScalar();
    names[depth] = "null";
  }

  private void passScalar() throws IOException {
    switch (peek()) {
      case STRING -> over(passableText());
      case NUMBER -> over(numberLength());
      case BOOLEAN -> over((bytes[at] | 0x20) == 't' ? 4 : 5);
      case NULL -> over(4);
      default -> throw new JsonDataException("expected a value but was " + peek());
    }
  }

  /** The next value as it is written; of a list or object only where it ends is looked for. */
  String raw() throws IOException {
    Token token = peek();
    carried = at;
    try {
      if (token == Token.BEGIN_OBJECT || token == Token.BEGIN_ARRAY) {
        passBrackets();
        indices[depth]++;
        peeked = null;
      } else {
        passScalar();
      }
      return new String(bytes, carried, at - carried, StandardCharsets.UTF_8);
    } finally {
      carried = -1;
    }
  }

  private void passBrackets() throws IOException {
    int open = 0;
    do {
      int c = need();
      if (c == '"') {
        int length = textLength(); // first, for it may move the window and at with it
        at += Math.abs(length);
        continue;
      }
      if (c == '{' || c == '[') {
        open++;
      } else if (c == '}' || c == ']') {
        open--;
      }
      at++;
    } while (open > 0);
  }

  /** Where it is: the value that was read last or comes next. */
  String path() {
    StringBuilder path = new StringBuilder("$");
    for (int i = 1; i <= depth; i++) {
      if (scopes[i] == FIRST_ELEMENT || scopes[i] == ARRAY) {
        path.append('[').append(indices[i]).append(']');
      } else {
        path.append('.');
        if (names[i] != null) {
          path.append(names[i]);
        }
      }
    }
    return path.toString();
  }
}
