package cx.niro.core.internal;

import cx.niro.core.ErrorCode;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.Limits;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Words, numbers, texts and white space where the window begins. */
class JsonLexemes extends JsonSource {
  private static final int SPACE_LIMIT = 4096;
  private static final int NUMBER_LIMIT = 64;
  private static final int DIGITS_OF_A_LONG = 18;

  /** Bytes of a text that are not simply a character of it: quote, backslash, not ASCII. */
  private static final boolean[] SPECIAL = special();

  JsonLexemes(byte[] document) {
    super(document);
  }

  JsonLexemes(InputStream body, long limit) {
    super(body, limit);
  }

  private static boolean[] special() {
    boolean[] special = new boolean[256];
    Arrays.fill(special, 128, 256, true);
    special['"'] = true;
    special['\\'] = true;
    return special;
  }

  /** In any case, as the reader before this one took it. */
  final void needWord(String word) throws IOException {
    for (int i = 1; i < word.length(); i++) {
      int c = peekAt(i);
      if ((c | 0x20) != word.charAt(i) || c < 0) {
        throw malformed("expected a value");
      }
    }
    needDelimiter(peekAt(word.length()));
  }

  private void needDelimiter(int c) throws IOException {
    switch (c) {
      case -1, '{', '}', '[', ']', ':', ',', ' ', '\t', '\f', '\r', '\n' -> {}
      default -> throw malformed("expected a value");
    }
  }

  /** The length of the number that begins here. */
  final int numberLength() throws IOException {
    int i = peekAt(0) == '-' ? 1 : 0;
    int c = peekAt(i);
    if (c == '0') {
      c = peekAt(++i);
    } else {
      int begin = i;
      i = digits(i);
      if (i == begin) {
        throw malformed("expected a value");
      }
      c = peekAt(i);
    }
    if (c == '.') {
      i = someDigits(i + 1);
      c = peekAt(i);
    }
    if (c == 'e' || c == 'E') {
      int sign = peekAt(i + 1);
      i = someDigits(sign == '+' || sign == '-' ? i + 2 : i + 1);
      c = peekAt(i);
    }
    if (i > NUMBER_LIMIT) {
      throw tooLong(ErrorCode.MALFORMED_BODY, "a number", NUMBER_LIMIT);
    }
    needDelimiter(c);
    return i;
  }

  private int someDigits(int from) throws IOException {
    int to = digits(from);
    if (to == from) {
      throw malformed("expected a digit");
    }
    return to;
  }

  private int digits(int from) {
    int i = from;
    for (int c = peekAt(i); c >= '0' && c <= '9'; c = peekAt(i)) {
      if (++i > NUMBER_LIMIT) {
        throw tooLong(ErrorCode.MALFORMED_BODY, "a number", NUMBER_LIMIT);
      }
    }
    return i;
  }

  private static DecodingException tooLong(ErrorCode code, String what, int limit) {
    return new DecodingException(
        code, "$", what + " is longer than its limit of " + limit + " bytes", null);
  }

  /** The next byte that is no white space, not read yet; -1 at the end. */
  final int space() {
    int skipped = 0;
    while (true) {
      int c = at < end ? bytes[at] & 0xff : peekAt(0);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c;
      }
      at++;
      if (++skipped > SPACE_LIMIT) {
        throw tooLong(ErrorCode.MALFORMED_BODY, "white space", SPACE_LIMIT);
      }
    }
  }

  final int need() throws IOException {
    int c = space();
    if (c == -1) {
      throw new EOFException("the document ends early");
    }
    return c;
  }

  static IOException malformed(String what) {
    return new IOException(what);
  }

  final String text(int length) throws IOException {
    return length < 0 ? escaped(-length) : SharedTexts.of(bytes, at + 1, at + length - 1);
  }

  /**
   * The length of the text that begins here, with both quotes; negative when it holds more than
   * plain ASCII.
   */
  final int textLength() throws IOException {
    int i = 1;
    boolean plain = true;
    while (true) {
      i = specialFrom(i);
      if (i > Limits.TEXT_BYTES) {
        throw tooLong(ErrorCode.BODY_TOO_LARGE, "a text", Limits.TEXT_BYTES);
      }
      if (at + i >= end) {
        if (!more()) {
          throw new EOFException("a text is not ended");
        }
        continue;
      }
      byte c = bytes[at + i++];
      if (c == '"') {
        return plain ? i : -i;
      }
      plain = false;
      if (c == '\\') {
        i++;
      }
    }
  }

  /** The length of the text that begins here; its escapes are looked at all the same. */
  final int passableText() throws IOException {
    int length = textLength();
    if (length < 0) {
      escaped(-length);
    }
    return Math.abs(length);
  }

  private int specialFrom(int offset) {
    byte[] window = bytes;
    int to = end;
    int i = at + offset;
    while (i < to && !SPECIAL[window[i] & 0xff]) {
      i++;
    }
    return i - at;
  }

  /** A text of so many bytes with its quotes. */
  final String escaped(int length) throws IOException {
    int to = at + length - 1;
    int from = at + 1;
    int slash = indexOfSlash(from, to);
    if (slash == to) {
      return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
    StringBuilder text = new StringBuilder(length);
    while (slash < to) {
      text.append(new String(bytes, from, slash - from, StandardCharsets.UTF_8));
      from = slash + (bytes[slash + 1] == 'u' ? 6 : 2);
      text.append(from > to ? unended() : character(slash + 1));
      slash = indexOfSlash(from, to);
    }
    return text.append(new String(bytes, from, to - from, StandardCharsets.UTF_8)).toString();
  }

  private static char unended() throws IOException {
    throw malformed("an escape is not ended");
  }

  private int indexOfSlash(int from, int to) {
    int i = from;
    while (i < to && bytes[i] != '\\') {
      i++;
    }
    return i;
  }

  private char character(int escape) throws IOException {
    return switch (bytes[escape]) {
      case 'u' -> unicode(escape + 1);
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case '\n', '\'', '"', '\\', '/' -> (char) bytes[escape];
      default -> throw malformed("there is no such escape");
    };
  }

  private char unicode(int from) throws IOException {
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = bytes[i] < 0 ? -1 : Character.digit(bytes[i], 16);
      if (digit < 0) {
        throw malformed("expected four hexadecimal digits");
      }
      value = value << 4 | digit;
    }
    return (char) value;
  }

  /** Its value when it has digits only, and few; else the smallest long. */
  final long shortLong(int length) {
    boolean negative = bytes[at] == '-';
    if (length > DIGITS_OF_A_LONG) {
      return Long.MIN_VALUE;
    }
    long value = 0;
    for (int i = at + (negative ? 1 : 0); i < at + length; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return Long.MIN_VALUE;
      }
      value = value * 10 + (bytes[i] - '0');
    }
    return negative ? -value : value;
  }

  final String number(int length) {
    return new String(bytes, at, length, StandardCharsets.ISO_8859_1);
  }
}
