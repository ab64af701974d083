package cx.niro.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import cx.niro.core.protocol.DecodingException;
import cx.niro.core.protocol.NiroCodec;
import cx.niro.core.testkit.Snapshots;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import okio.Buffer;
import org.junit.jupiter.api.Test;

/** Against moshi's reader, which read these documents before. */
class JsonTokensTest {
  private static final int DOCUMENTS = Integer.getInteger("niro.fuzz.mutations", 20_000);
  private static final int WINDOW = 8192;
  private static final String[] KNOWN = {"a", "meta", "name", "uid", "status", "nodes", "pods"};

  /** Without numbers that are 0 in their last 64 bits, after which moshi takes no further digit. */
  private static final String[] PIECES = {
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u12", "\\ud83d", "null", "TRUE", "tru", "-", "0",
    "01", "1.5e3", "1e999", ".", "e", " ", "\n", "\f", "\0", "é", "/*", "#", "'", "\"a\":", "NaN",
    "9223372036854775807", "-0", "12345678901234567891"
  };

  /** What both readers can do. */
  private interface Reader {
    JsonReader.Token peek() throws IOException;

    void begin(boolean object) throws IOException;

    void end(boolean object) throws IOException;

    int select() throws IOException;

    String name() throws IOException;

    String text() throws IOException;

    String number() throws IOException;

    boolean bool() throws IOException;

    void nothing() throws IOException;

    void skip() throws IOException;

    String raw() throws IOException;

    String path();
  }

  private static final class Moshi implements Reader {
    private final JsonReader reader;
    private final JsonReader.Options names = JsonReader.Options.of(KNOWN);

    Moshi(byte[] document) {
      this.reader = JsonReader.of(new Buffer().write(document));
    }

    @Override
    public JsonReader.Token peek() throws IOException {
      return reader.peek();
    }

    @Override
    public void begin(boolean object) throws IOException {
      if (object) {
        reader.beginObject();
      } else {
        reader.beginArray();
      }
    }

    @Override
    public void end(boolean object) throws IOException {
      if (object) {
        reader.endObject();
      } else {
        reader.endArray();
      }
    }

    @Override
    public int select() throws IOException {
      return reader.selectName(names);
    }

    @Override
    public String name() throws IOException {
      return reader.nextName();
    }

    @Override
    public String text() throws IOException {
      return reader.nextString();
    }

    @Override
    public String number() throws IOException {
      try {
        return "long " + reader.nextLong();
      } catch (JsonDataException e) {
        return "double " + reader.nextDouble();
      }
    }

    @Override
    public boolean bool() throws IOException {
      return reader.nextBoolean();
    }

    @Override
    public void nothing() throws IOException {
      reader.nextNull();
    }

    @Override
    public void skip() throws IOException {
      if (reader.peek() == JsonReader.Token.NAME) {
        reader.skipName();
      } else {
        reader.skipValue();
      }
    }

    @Override
    public String raw() throws IOException {
      try (var source = reader.nextSource()) {
        return source.readUtf8();
      }
    }

    @Override
    public String path() {
      return reader.getPath();
    }
  }

  private static final class Ours implements Reader {
    private final JsonTokens reader;
    private final Names names = Names.of(KNOWN);
    private int last = -1;

    Ours(JsonTokens reader) {
      this.reader = reader;
    }

    @Override
    public JsonReader.Token peek() throws IOException {
      return reader.peek();
    }

    @Override
    public void begin(boolean object) throws IOException {
      if (object) {
        reader.beginObject();
      } else {
        reader.beginArray();
      }
    }

    @Override
    public void end(boolean object) throws IOException {
      if (object) {
        reader.endObject();
      } else {
        reader.endArray();
      }
    }

    @Override
    public int select() throws IOException {
      last = reader.selectName(names, last);
      return last;
    }

    @Override
    public String name() throws IOException {
      return reader.nextName();
    }

    @Override
    public String text() throws IOException {
      return reader.nextString();
    }

    @Override
    public String number() throws IOException {
      try {
        return "long " + reader.nextLong();
      } catch (JsonDataException e) {
        try {
          return "double " + reader.nextDouble();
        } catch (JsonDataException infinite) {
          throw new IOException(infinite);
        }
      }
    }

    @Override
    public boolean bool() throws IOException {
      return reader.nextBoolean();
    }

    @Override
    public void nothing() throws IOException {
      reader.nextNull();
    }

    @Override
    public void skip() throws IOException {
      if (reader.peek() == JsonReader.Token.NAME) {
        reader.skipName();
      } else {
        reader.skipScalar();
      }
    }

    @Override
    public String raw() throws IOException {
      return reader.raw();
    }

    @Override
    public String path() {
      return reader.path();
    }
  }

  /** What a reader says, step by step, until the document or its patience ends. */
  private static List<String> told(Reader reader, long seed) {
    Random choices = new Random(seed);
    List<String> told = new ArrayList<>();
    try {
      JsonReader.Token token = reader.peek();
      while (token != JsonReader.Token.END_DOCUMENT) {
        told.add(token + " " + step(reader, token, choices.nextInt(8)) + " " + reader.path());
        token = reader.peek();
      }
      told.add("end");
    } catch (IOException e) {
      told.add("malformed");
    }
    return told;
  }

  private static String step(Reader reader, JsonReader.Token token, int choice) throws IOException {
    boolean object = token == JsonReader.Token.BEGIN_OBJECT || token == JsonReader.Token.END_OBJECT;
    switch (token) {
      case BEGIN_ARRAY, BEGIN_OBJECT -> reader.begin(object);
      case END_ARRAY, END_OBJECT -> reader.end(object);
      case NAME -> {
        return name(reader, choice);
      }
      default -> {
        // After a skipped element moshi calls the members of later objects "null".
        if (choice == 0 && !reader.path().endsWith("]")) {
          reader.skip();
        } else {
          return value(reader, token);
        }
      }
    }
    return "";
  }

  private static String name(Reader reader, int choice) throws IOException {
    if (choice == 0) {
      reader.skip();
      return "";
    }
    int index = choice < 5 ? reader.select() : -1;
    return index >= 0 ? "known " + index : reader.name();
  }

  private static String value(Reader reader, JsonReader.Token token) throws IOException {
    switch (token) {
      case STRING -> {
        return reader.text();
      }
      case NUMBER -> {
        return reader.number();
      }
      case BOOLEAN -> {
        return String.valueOf(reader.bool());
      }
      default -> {
        reader.nothing();
        return "null";
      }
    }
  }

  private static byte[] damaged(byte[] document, Random random) {
    String text = new String(document, StandardCharsets.UTF_8);
    StringBuilder out = new StringBuilder(text);
    for (int i = random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(out.length() + 1);
      String piece = PIECES[random.nextInt(PIECES.length)];
      out.replace(at, Math.min(out.length(), at + random.nextInt(3)), piece);
    }
    byte[] bytes = out.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && random.nextInt(4) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
  }

  private static void write(StringBuilder out, Random random, int depth) {
    switch (random.nextInt(depth > 5 ? 5 : 8)) {
      case 0 -> out.append(random.nextLong() >> random.nextInt(64));
      case 1 -> out.append(random.nextInt(100) * 0.25);
      case 2 -> out.append(random.nextBoolean());
      case 3 -> out.append("null");
      case 4 -> text(out, random);
      case 5 -> {
        out.append("[");
        for (int i = random.nextInt(4); i > 0; i--) {
          write(out, random, depth + 1);
          out.append(i > 1 ? " , " : "");
        }
        out.append("]");
      }
      default -> {
        out.append("{ ");
        for (int i = random.nextInt(5); i > 0; i--) {
          if (random.nextInt(3) > 0) {
            out.append('"').append(KNOWN[random.nextInt(KNOWN.length)]).append('"');
          } else {
            text(out, random);
          }
          out.append(": ");
          write(out, random, depth + 1);
          out.append(i > 1 ? ",\n" : "");
        }
        out.append("}");
      }
    }
  }

  private static void text(StringBuilder out, Random random) {
    String[] parts = {
      "a", "meta", "é", "\\n", "\\\"", "\\u00e9", "\\ud83d\\ude00", "日", "\t", "\\/"
    };
    out.append('"');
    for (int i = random.nextInt(5); i > 0; i--) {
      out.append(parts[random.nextInt(parts.length)]);
    }
    out.append('"');
  }

  /** Gives a few bytes at a time. */
  private static InputStream dripping(byte[] document, Random random) {
    return inPieces(document, random, 7);
  }

  private static InputStream inPieces(byte[] document, Random random, int most) {
    return new ByteArrayInputStream(document) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, 1 + random.nextInt(most)));
      }
    };
  }

  private static void compare(byte[] document, long seed) {
    List<String> expected = told(new Moshi(document), seed);
    Random pace = new Random(seed);
    try {
      agree(document, told(new Ours(new JsonTokens(document)), seed), expected);
      JsonTokens slowly = new JsonTokens(dripping(document, pace), Long.MAX_VALUE);
      agree(document, told(new Ours(slowly), seed), expected);
    } catch (DecodingException e) {
      assertThat(e).hasMessageContaining("longer than its limit");
    }
  }

  private static void agree(byte[] document, List<String> ours, List<String> expected) {
    assertThat(ours).as(() -> new String(document, StandardCharsets.UTF_8)).isEqualTo(expected);
  }

  @Test
  void random_documents_whole_and_damaged_read_the_same() {
    for (int i = 0; i < DOCUMENTS; i++) {
      Random random = new Random(i);
      StringBuilder out = new StringBuilder();
      write(out, random, 0);
      byte[] whole = out.toString().getBytes(StandardCharsets.UTF_8);
      compare(whole, i);
      compare(damaged(whole, random), i);
    }
  }

  @Test
  void a_snapshot_and_damaged_ones_read_the_same() {
    byte[] snapshot = NiroCodec.create().encode(Snapshots.seeded(1).cluster(1, 3));
    compare(snapshot, 0);
    Random random = new Random(1);
    for (int i = 0; i < DOCUMENTS / 50; i++) {
      compare(damaged(snapshot, random), i);
    }
  }

  @Test
  void a_value_carried_as_it_is_reads_the_same() throws IOException {
    for (int i = 0; i < DOCUMENTS; i++) {
      Random random = new Random(i);
      StringBuilder out = new StringBuilder("{\"a\": ");
      write(out, random, 0);
      byte[] document = out.append(" , \"name\":1}").toString().getBytes(StandardCharsets.UTF_8);
      compareCarried(document, dripping(document, random));
    }
  }

  /** The member a, behind texts that are read; a number comes after it. */
  private static void compareCarried(byte[] document, InputStream body) throws IOException {
    Reader moshi = new Moshi(document);
    Reader ours = new Ours(new JsonTokens(body, Long.MAX_VALUE));
    for (Reader reader : List.of(moshi, ours)) {
      reader.begin(true);
      while (reader.select() != 0) {
        assertThat(reader.text()).isNotNull();
      }
    }
    assertThat(ours.raw()).isEqualTo(moshi.raw());
    assertThat(ours.path()).isEqualTo(moshi.path());
    assertThat(ours.name()).isEqualTo(moshi.name());
    assertThat(ours.number()).isEqualTo(moshi.number());
  }

  private static void compareCarriedInPieces(String text, Random random) throws IOException {
    byte[] document = text.getBytes(StandardCharsets.UTF_8);
    for (int most : new int[] {7, 300, WINDOW, Integer.MAX_VALUE - 1}) {
      compareCarried(document, inPieces(document, random, most));
    }
    compareCarried(document, new ByteArrayInputStream(document));
  }

  @Test
  void a_value_carried_across_the_end_of_the_window_reads_the_same_wherever_it_ends()
      throws IOException {
    String value = "{\"a\" : [\"\\\"}]\", 12.5 , true,\"é日\\u00e9\"], \"b\":\"]]\"}";
    for (int offset = 0; offset < value.length() + 32; offset++) {
      String before = "{\"name\":\"" + "x".repeat(WINDOW - 32 - offset) + "\",\"a\":";
      compareCarriedInPieces(before + value + ",\"name\":1}", new Random(offset));
    }
  }

  @Test
  void a_value_carried_that_is_longer_than_the_window_reads_the_same() throws IOException {
    for (int i = 0; i < DOCUMENTS / 100; i++) {
      Random random = new Random(i);
      StringBuilder out = new StringBuilder("{\"name\":\"");
      out.append("x".repeat(random.nextInt(WINDOW))).append("\",\"a\": [");
      for (int text = 0; text < 4; text++) {
        write(out, random, 0);
        out.append(", \"").append("]\\\"".repeat(random.nextInt(WINDOW))).append("\",");
      }
      compareCarriedInPieces(out.append("[1]] , \"name\":1}").toString(), random);
    }
  }

  @Test
  void documents_longer_than_the_window_read_the_same_in_pieces_of_any_size() {
    for (int i = 0; i < DOCUMENTS / 200; i++) {
      Random random = new Random(i);
      StringBuilder out = new StringBuilder("[");
      while (out.length() < 3 * WINDOW) {
        write(out, random, 0);
        out.append(", \"").append("é".repeat(random.nextInt(WINDOW / 8))).append("\",");
      }
      byte[] document = out.append("1]").toString().getBytes(StandardCharsets.UTF_8);
      compare(document, i);
      JsonTokens whole = new JsonTokens(new ByteArrayInputStream(document), Long.MAX_VALUE);
      agree(document, told(new Ours(whole), i), told(new Moshi(document), i));
    }
  }
}
